package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.room.RoomName;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PermissionClientTest {
    private static final RoomName ROOM = new RoomName("room");

    private final PermissionBackend backend = new PermissionBackend();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final PermissionClient client = new PermissionClient(
            URI.create(backend.address()),
            Duration.ofSeconds(20),
            threads,
            new OccasionalLog(LoggerFactory.getLogger(PermissionClientTest.class), System::nanoTime));

    @AfterEach
    void stop() {
        client.close();
        threads.shutdownNow();
        backend.close();
    }

    @Test
    void thoseWhoAskTheSameAtOneTimeShareAQuestion() throws Exception {
        CountDownLatch gate = new CountDownLatch(1);
        backend.patience(gate);
        Queue<Access> answers = new ConcurrentLinkedQueue<>();
        List<Thread> askers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            askers.add(Thread.ofVirtual().start(() -> answers.add(ask("patient"))));
        }
        await().atMost(TestClient.LIMIT)
                .until(() -> backend.paths().size() == 1
                        && askers.stream()
                                .allMatch(asker -> asker.getState() == Thread.State.WAITING
                                        || asker.getState() == Thread.State.TIMED_WAITING));
        // Somebody else's question is another one.
        assertThat(ask("reader")).isEqualTo(Access.READ_ONLY);
        gate.countDown();
        for (Thread asker : askers) {
            asker.join();
        }
        assertThat(answers).hasSize(20).containsOnly(Access.READ_WRITE);
        assertThat(backend.paths()).containsExactly("/perm/room/patient", "/perm/room/reader");
    }

    @Test
    void nothingIsRemembered() {
        ask("writer");
        ask("writer");
        assertThat(backend.paths()).hasSize(2);
    }

    @Test
    void failureIsNotRememberedEither() {
        assertThat(kindOf("outage")).isEqualTo(Refusal.Kind.PERMISSION_UNKNOWN);
        assertThat(kindOf("stranger")).isEqualTo(Refusal.Kind.FORBIDDEN);
        assertThat(kindOf("outage")).isEqualTo(Refusal.Kind.PERMISSION_UNKNOWN);
        assertThat(backend.paths()).hasSize(3);
    }

    private Access ask(String user) {
        try {
            return client.access(ROOM, user);
        } catch (Refusal refusal) {
            throw new AssertionError(refusal);
        }
    }

    private Refusal.Kind kindOf(String user) {
        try {
            throw new AssertionError("was let in: " + client.access(ROOM, user));
        } catch (Refusal refusal) {
            return refusal.kind();
        }
    }
}
