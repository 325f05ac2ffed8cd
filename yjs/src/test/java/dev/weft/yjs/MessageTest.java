package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MessageTest {
    private static final byte[] UPDATE = Bytes.update(7, 0, Bytes.text("hi"));

    private static byte[] hex(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    @Test
    void syncStepOneCarriesAStateVector() {
        Message message = Message.decode(hex("00 00 03 01 07 02"));
        assertThat(message).isEqualTo(new Message.SyncStep1(StateVector.decode(Bytes.of(1, 7, 2))));
        assertThat(message.encode()).isEqualTo(hex("00 00 03 01 07 02"));
        assertThat(new Message.SyncStep1(StateVector.empty()).encode()).isEqualTo(hex("00 00 01 00"));
    }

    @Test
    void syncStepTwoAndUpdateCarryAnUpdate() {
        byte[] step2 = Bytes.of(0, 1, UPDATE.length, UPDATE);
        assertThat(Message.decode(step2))
                .isInstanceOfSatisfying(
                        Message.SyncStep2.class, m -> assertThat(m.update()).isEqualTo(UPDATE));
        assertThat(new Message.SyncStep2(UPDATE).encode()).isEqualTo(step2);
        byte[] update = Bytes.of(0, 2, UPDATE.length, UPDATE);
        assertThat(Message.decode(update))
                .isInstanceOfSatisfying(
                        Message.Update.class, m -> assertThat(m.update()).isEqualTo(UPDATE));
        assertThat(new Message.Update(UPDATE).encode()).isEqualTo(update);
        assertThat(Message.syncStep2Frame(Updates.empty())).isEqualTo(hex("00 01 02 00 00"));
    }

    @Test
    void awarenessCarriesStatesWithTheirJsonUntouched() {
        byte[] frame = Bytes.of(1, Bytes.of(2, 7, 3, "{ }", 8, 9, "null").length, 2, 7, 3, "{ }", 8, 9, "null");
        Message message = Message.decode(frame);
        assertThat(message).isInstanceOfSatisfying(Message.Awareness.class, awareness -> {
            assertThat(awareness.states()).extracting(AwarenessState::client).containsExactly(7L, 8L);
            assertThat(awareness.states()).extracting(AwarenessState::clock).containsExactly(3L, 9L);
            assertThat(awareness.states()).extracting(AwarenessState::left).containsExactly(false, true);
            assertThat(awareness.states().getFirst().json()).isEqualTo("{ }".getBytes(UTF_8));
        });
        assertThat(message.encode()).isEqualTo(frame);
    }

    @Test
    void emptyAwarenessIsTheKeepAliveFrame() {
        assertThat(new Message.Awareness(List.of()).encode()).isEqualTo(hex("01 01 00"));
    }

    @Test
    void permissionDeniedCarriesAReason() {
        byte[] frame = Bytes.of(2, 0, "nein, ü");
        assertThat(Message.decode(frame)).isEqualTo(new Message.PermissionDenied("nein, ü"));
        assertThat(new Message.PermissionDenied("nein, ü").encode()).isEqualTo(frame);
    }

    @Test
    void queryAwarenessMayHaveABody() {
        assertThat(Message.decode(hex("03"))).isEqualTo(new Message.QueryAwareness());
        assertThat(Message.decode(hex("03 01 00"))).isEqualTo(new Message.QueryAwareness());
        assertThat(new Message.QueryAwareness().encode()).isEqualTo(hex("03"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"04", "66 01 00", "00 03 00", "02 01 00"})
    void unknownTypeSaysSo(String frame) {
        assertThatThrownBy(() -> Message.decode(hex(frame)))
                .isInstanceOf(MalformedException.class)
                .hasMessageContaining("a known type of");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00 00",
                "00 02",
                "01",
                "02 00", // cut off
                "00 00 01 00 00",
                "00 02 02 00 00 00",
                "01 01 00 00",
                "02 00 00 00", // a byte too many
                "00 02 03 00 00 00",
                "00 00 02 00 00",
                "01 02 00 00", // a byte too many inside
                "00 02 01 00",
                "00 00 02 01 07",
                "01 03 01 07 00", // cut off inside
                "01 05 01 07 00 01 7b", // no JSON
                "01 05 01 07 00 01 ff", // no UTF-8
                "02 00 01 ff",
                "01 02 7f 00",
                "00 00 02 7f 00"
            })
    void malformedFramesAreRejected(String frame) {
        assertThatThrownBy(() -> Message.decode(hex(frame))).isInstanceOf(MalformedException.class);
    }

    @Test
    void offsetsCountFromTheStartOfTheFrame() {
        byte[] frame = Bytes.of(0, 2, UPDATE.length, UPDATE);
        frame[frame.length - 2] = (byte) 0xff; // the "i"
        assertThatThrownBy(() -> Message.decode(frame))
                .isInstanceOfSatisfying(
                        MalformedException.class, e -> assertThat(e.offset()).isEqualTo(frame.length - 2));
    }

    @Test
    void frameCutOffAnywhereIsRejected() {
        byte[] frame = Bytes.of(0, 2, UPDATE.length, UPDATE);
        for (int length = 0; length < frame.length; length++) {
            byte[] cut = Arrays.copyOf(frame, length);
            assertThatThrownBy(() -> Message.decode(cut)).isInstanceOf(MalformedException.class);
        }
    }

    @Test
    void trustedFramesComeAsCheckedOnes() {
        for (Message message : List.of(
                new Message.SyncStep1(StateVector.empty()),
                new Message.SyncStep2(UPDATE),
                new Message.Update(UPDATE),
                new Message.Awareness(List.of(new AwarenessState(7, 3, "{}".getBytes(UTF_8)))),
                new Message.PermissionDenied("no"),
                new Message.QueryAwareness())) {
            byte[] frame = message.encode();
            assertThat(Message.decodeTrusted(frame).encode()).isEqualTo(frame);
        }
    }

    @Test
    void trustedFramesAreStillWithinTheirLengths() {
        byte[] frame = Bytes.of(0, 2, UPDATE.length, UPDATE);
        for (int length = 0; length < frame.length; length++) {
            byte[] cut = Arrays.copyOf(frame, length);
            assertThatThrownBy(() -> Message.decodeTrusted(cut)).isInstanceOf(MalformedException.class);
        }
        frame[frame.length - 2] = (byte) 0xff; // the "i": text is not looked into
        assertThat(Message.decodeTrusted(frame)).isInstanceOf(Message.Update.class);
    }
}
