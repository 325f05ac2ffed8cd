package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.Message;
import dev.weft.yjs.Updates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class BroadcastsTest {
    /** So many that presence is gathered for as long as it ever is: 50 ms, half of the default. */
    private static final int CROWD = 500;

    private final ManualLoop loop = new ManualLoop();
    private final AtomicLong inTransit = new AtomicLong();
    private final List<byte[]> given = new ArrayList<>();
    private final List<byte[]> received = new ArrayList<>();
    /** Each as the milliseconds when it left and what was in it. */
    private final List<String> left = new ArrayList<>();

    private final Broadcasts broadcasts = new Broadcasts(
            loop.loop(),
            TestNode.of(new FakeBackend(), Runnable::run, Map.of(), loop.clock()),
            this::receive,
            inTransit,
            this::depart);

    @AfterEach
    void allHasLeft() {
        loop.pass(200);
        assertThat(inTransit).hasValue(0);
        assertThat(Updates.merge(received)).isEqualTo(Updates.merge(given));
    }

    @Test
    void updatesFortyMillisecondsApartAreNotDelayed() {
        for (int clock = 0; clock < 4; clock++) {
            update(clock, "x");
            loop.pass(40);
        }
        assertThat(left).containsExactly("0 update", "40 update", "80 update", "120 update");
    }

    @Test
    void updatesCloserToEachOtherLeaveTogetherAsOne() {
        for (int clock = 0; clock < 25; clock++) {
            update(clock, "x");
            loop.pass(4);
        }
        assertThat(left).containsExactly("0 update", "20 update", "40 update", "60 update", "80 update", "100 update");
    }

    @Test
    void largeOnesLeaveTogetherAsTheyAre() {
        update(0, "x");
        update(1, "x".repeat(5_000));
        update(5_001, "x".repeat(5_000));
        loop.pass(20);
        assertThat(left).containsExactly("0 update", "20 update update");
    }

    @Test
    void presenceLeavesRarerAndOnlyTheLatestOfEach() {
        for (int clock = 1; clock <= 100; clock++) {
            presence(1, clock, "{}");
            presence(2, clock, "[]");
            loop.pass(1);
        }
        assertThat(left).containsExactly("0 1@1:{}", "50 2@50:[] 1@50:{}", "100 1@100:{} 2@100:[]");
    }

    @Test
    void presenceGoesAlongWithUpdates() {
        presence(1, 1, "{}");
        presence(1, 2, "{}");
        loop.pass(10);
        update(0, "x");
        assertThat(left).containsExactly("0 1@1:{}", "10 update 1@2:{}");
    }

    @Test
    void whoLeavesIsNotHeldBack() {
        presence(1, 1, "{}");
        loop.pass(1);
        presence(2, 1, "{}");
        loop.pass(1);
        presence(1, 1, "null");
        loop.pass(18);
        assertThat(left).containsExactly("0 1@1:{}", "20 2@1:{} 1@1:null");
    }

    private void update(long clock, String text) {
        byte[] update = TestUpdates.typed(1, clock, text);
        given.add(update);
        byte[] message = Message.updateFrame(update);
        inTransit.addAndGet(message.length);
        broadcasts.update(message);
        broadcasts.settle(CROWD);
    }

    private void presence(long client, long clock, String json) {
        List<AwarenessState> states = List.of(new AwarenessState(client, clock, json.getBytes(StandardCharsets.UTF_8)));
        byte[] message = Message.awarenessFrame(states);
        inTransit.addAndGet(message.length);
        broadcasts.presence(message, states);
        broadcasts.settle(CROWD);
    }

    private void depart() {
        broadcasts.leave();
    }

    private void receive(List<byte[]> payloads) {
        StringBuilder text = new StringBuilder().append(loop.millis());
        for (byte[] payload : payloads) {
            if (Message.decode(payload) instanceof Message.Update update) {
                received.add(update.update());
                text.append(" update");
            } else if (Message.decode(payload) instanceof Message.Awareness awareness) {
                awareness
                        .states()
                        .forEach(state -> text.append(' ')
                                .append(state.client())
                                .append('@')
                                .append(state.clock())
                                .append(':')
                                .append(new String(state.json(), StandardCharsets.UTF_8)));
            }
        }
        left.add(text.toString());
    }
}
