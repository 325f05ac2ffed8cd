package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class StateVectorTest {
    @Test
    void clientsAreWrittenInDescendingOrder() {
        StateVector vector = StateVector.decode(Bytes.of(3, 1, 10, 300, 20, 2, 30));
        assertThat(vector.encode()).isEqualTo(Bytes.of(3, 300, 20, 2, 30, 1, 10));
        assertThat(vector.clock(300)).isEqualTo(20);
        assertThat(vector.clock(1)).isEqualTo(10);
        assertThat(vector.clock(3)).isZero();
        assertThat(vector).hasToString("{300=20, 2=30, 1=10}");
    }

    @Test
    void lastEntryOfAClientCountsAndZeroIsNoEntry() {
        assertThat(StateVector.decode(Bytes.of(3, 1, 10, 1, 4, 2, 0))).isEqualTo(StateVector.decode(Bytes.of(1, 1, 4)));
        assertThat(StateVector.decode(Bytes.of(1, 2, 0))).isEqualTo(StateVector.empty());
        assertThat(StateVector.empty().isEmpty()).isTrue();
        assertThat(StateVector.empty().encode()).isEqualTo(Bytes.of(0));
    }

    @Test
    void truncatedAndOverlongStateVectorsAreRejected() {
        assertThatThrownBy(() -> StateVector.decode(new byte[0])).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> StateVector.decode(Bytes.of(2, 1, 10))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> StateVector.decode(Bytes.of(0, 0))).isInstanceOf(MalformedException.class);
        assertThatThrownBy(() -> StateVector.decode(Bytes.of(Input.MAX_INTEGER, 1, 1)))
                .isInstanceOf(MalformedException.class);
    }
}
