package dev.weft.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.yjs.Updates;
import io.netty.buffer.Unpooled;
import io.netty.channel.DefaultEventLoop;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts as arrived: what a server may do with updates, and what it may not. */
class UpdateObserverTest {
    private final Typist typist = new Typist(50);
    private final SentLog sent = new SentLog();
    private final Lane lane = new Lane(new DefaultEventLoop());
    private final UpdateObserver observer = new UpdateObserver(sent, typist, lane);
    private final List<byte[]> updates = new ArrayList<>();

    UpdateObserverTest() {
        for (int i = 0; i < 10; i++) {
            updates.add(typist.type());
            sent.add(updates.getLast());
        }
    }

    private void receive(byte[] update) {
        observer.update(false, new Cursor().over(Unpooled.wrappedBuffer(update), 0, update.length));
    }

    @Test
    void updatesAreAboutAsLongAsAskedFor() {
        assertThat(updates.subList(2, 10))
                .allSatisfy(update -> assertThat(update.length).isBetween(46, 52));
    }

    @Test
    void allInOrderIsAll() {
        receive(Updates.empty());
        updates.forEach(this::receive);

        assertThat(observer.failure()).isEmpty();
        assertThat(lane.delivered()).isEqualTo(10);
    }

    @Test
    void severalMayArriveAsOne() {
        receive(updates.get(0));
        receive(Updates.merge(updates.subList(1, 5)));
        receive(Updates.compact(updates.subList(5, 10)));

        assertThat(observer.failure()).isEmpty();
        assertThat(observer.received()).isEqualTo(10);
        assertThat(observer.merged()).isEqualTo(2);
        assertThat(lane.delivered()).isEqualTo(10);
    }

    @Test
    void whatIsRepeatedCountsOnce() {
        receive(updates.get(0));
        receive(updates.get(0));
        receive(Updates.merge(updates.subList(0, 3)));
        updates.subList(2, 10).forEach(this::receive);

        assertThat(observer.failure()).isEmpty();
        assertThat(lane.delivered()).isEqualTo(10);
    }

    @Test
    void aGapInFrontOfSeveralIsFound() {
        receive(updates.get(0));
        receive(Updates.merge(updates.subList(2, 10)));

        assertThat(observer.failure()).hasValueSatisfying(why -> assertThat(why).contains("not update 1"));
    }

    @Test
    void severalThatSaySomethingElseAreFound() {
        byte[] merged = Updates.merge(updates.subList(0, 10));
        merged[merged.length - 2] = '!';
        receive(merged);

        assertThat(observer.failure()).hasValueSatisfying(why -> assertThat(why).contains("says something else"));
    }

    @Test
    void whatNobodySentIsFound() {
        receive(new Typist(50).type());

        assertThat(observer.failure()).hasValueSatisfying(why -> assertThat(why).contains("nobody sent"));
    }
}
