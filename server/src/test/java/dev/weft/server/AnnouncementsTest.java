package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.RoomName;
import dev.weft.yjs.AwarenessState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class AnnouncementsTest {
    private static final long INTERVAL = 100_000_000;

    private final FakeBackend backend = new FakeBackend();
    private final ManualLoop loop = new ManualLoop();
    private final Announcements announcements = new Announcements(
            new RoomName("room"), loop.loop(), TestNode.of(backend, Runnable::run, Map.of(), loop.clock()));

    @Test
    void firstStateGoesAtOnceAndTheFollowingOnesTogetherTheLatestOfEach() {
        announce(1, 1, "a");
        work();
        assertThat(published()).containsExactly("1@1:a");
        for (int clock = 2; clock < 50; clock++) {
            announce(1, clock, "a");
            announce(2, clock, "b");
            loop.pass(1);
        }
        assertThat(published()).hasSize(1);
        loop.pass(60);
        assertThat(published()).containsExactly("1@1:a", "1@49:a 2@49:b");
        loop.pass(500);
        assertThat(published()).hasSize(2);
    }

    @Test
    void lastStateAlwaysArrives() {
        for (int clock = 1; clock <= 250; clock++) {
            announce(1, clock, "a");
            loop.pass(1);
        }
        loop.pass(100);
        assertThat(published()).containsExactly("1@1:a", "1@100:a", "1@200:a", "1@250:a");
    }

    @Test
    void olderClockDoesNotReplaceANewerOne() {
        announce(9, 1, "x");
        announce(1, 5, "new");
        announce(1, 4, "old");
        announce(1, 5, "again");
        announce(2, 5, "here");
        announce(2, 5, "null");
        announce(2, 5, "here");
        loop.pass(100);
        assertThat(published()).containsExactly("9@1:x", "1@5:new 2@5:null");
    }

    @Test
    void whoLeavesIsNotHeldBackAndComesAfterItsLastState() {
        announce(1, 1, "a");
        announce(1, 2, "a");
        announcements.withdraw(List.of(state(1, 2, "null")), 20_000_000);
        loop.pass(20);
        assertThat(published()).containsExactly("1@1:a", "1@2:null");
    }

    @Test
    void oneWhoAnnouncesLearnsWhenItIsInRedis() {
        backend.holdPresence = true;
        CompletionStage<Void> first = announce(1, 1, "a");
        CompletionStage<Void> second = announce(1, 2, "a");
        work();
        assertThat(first.toCompletableFuture()).isNotDone();
        backend.presenceTaken.removeFirst().complete(null);
        work();
        assertThat(first.toCompletableFuture()).isDone();
        assertThat(second.toCompletableFuture()).isNotDone();
        loop.pass(100);
        backend.presenceTaken.removeFirst().complete(null);
        work();
        assertThat(second.toCompletableFuture()).isDone();
    }

    @Test
    void slowRedisGetsOneAtATimeAndFewer() {
        backend.holdPresence = true;
        for (int clock = 1; clock <= 1_000; clock++) {
            announce(1, clock, "a");
            loop.pass(1);
        }
        assertThat(published()).containsExactly("1@1:a");
        backend.presenceTaken.removeFirst().complete(null);
        work();
        assertThat(published()).containsExactly("1@1:a", "1@1000:a");
    }

    @Test
    void failureIsNotWaitedFor() {
        backend.holdPresence = true;
        CompletionStage<Void> first = announce(1, 1, "a");
        backend.presenceTaken.removeFirst().completeExceptionally(new IllegalStateException("timed out"));
        work();
        assertThat(first.toCompletableFuture()).isCompletedWithValue(null);
        announce(1, 2, "a");
        loop.pass(100);
        assertThat(published()).containsExactly("1@1:a", "1@2:a");
    }

    /** Redis takes no more than a mebibyte in one call. */
    @Test
    void manyLargeStatesGoInSeveralCallsAndInOrder() {
        announce(99, 1, "x");
        work();
        List<CompletionStage<Void>> stages = new ArrayList<>();
        for (int client = 0; client < 30; client++) {
            stages.add(announce(client, 1, Integer.toString(client % 10).repeat(100_000)));
        }
        loop.pass(100);
        assertThat(published())
                .hasSizeGreaterThan(10)
                .allSatisfy(call -> assertThat(call.length()).isLessThan(400_000));
        assertThat(String.join(" ", published()).split(" ")).hasSize(31);
        assertThat(stages)
                .allSatisfy(stage -> assertThat(stage.toCompletableFuture()).isDone());
    }

    @Test
    void whatIsGatheredGoesBeforeTheRoomEnds() {
        announce(1, 1, "a");
        work();
        announce(1, 2, "a");
        announcements.flush();
        assertThat(published()).containsExactly("1@1:a", "1@2:a");
    }

    private CompletionStage<Void> announce(long client, long clock, String json) {
        return announcements.add(List.of(state(client, clock, json)), INTERVAL);
    }

    private static AwarenessState state(long client, long clock, String json) {
        return new AwarenessState(client, clock, json.getBytes(StandardCharsets.UTF_8));
    }

    private void work() {
        loop.work();
    }

    private List<String> published() {
        List<String> calls = new ArrayList<>();
        for (List<AwarenessState> states : backend.presence) {
            List<String> words = new ArrayList<>();
            states.forEach(state -> words.add(
                    state.client() + "@" + state.clock() + ":" + new String(state.json(), StandardCharsets.UTF_8)));
            calls.add(String.join(" ", words));
        }
        return calls;
    }
}
