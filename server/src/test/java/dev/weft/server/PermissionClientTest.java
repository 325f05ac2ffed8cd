package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.RoomName;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PermissionClientTest {
    private static final RoomName ROOM = new RoomName("room");

    private final PermissionBackend backend = new PermissionBackend();
    private final CallbackTester tester = new CallbackTester();
    private final CallbackConnections connections =
            tester.connections(backend.address(), Duration.ofSeconds(20), PermissionClient.MAX_ANSWER_BYTES);
    private final PermissionClient client = new PermissionClient(
            URI.create(backend.address()),
            Duration.ofSeconds(20),
            connections,
            new OccasionalLog(LoggerFactory.getLogger(PermissionClientTest.class), System::nanoTime));

    @AfterEach
    void stop() {
        connections.close();
        tester.close();
        backend.close();
    }

    @Test
    void thoseWhoAskTheSameAtOneTimeShareAQuestion() {
        CountDownLatch gate = new CountDownLatch(1);
        backend.patience(gate);
        List<CompletableFuture<Access>> answers =
                Stream.generate(() -> asked("patient")).limit(20).toList();
        // Somebody else's question is another one.
        assertThat(ask("reader")).isEqualTo(Access.READ_ONLY);
        assertThat(answers).noneMatch(CompletableFuture::isDone);
        gate.countDown();
        assertThat(answers).allSatisfy(answer -> assertThat(answer.join()).isEqualTo(Access.READ_WRITE));
        assertThat(backend.paths()).containsExactlyInAnyOrder("/perm/room/patient", "/perm/room/reader");
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
        return asked(user).join();
    }

    private Refusal.Kind kindOf(String user) {
        Throwable failure = asked(user).handle((access, refused) -> refused).join();
        assertThat(failure).as("was let in").isInstanceOf(Refusal.class);
        return ((Refusal) failure).kind();
    }

    private CompletableFuture<Access> asked(String user) {
        return tester.onLoop(loop -> client.access(loop, ROOM, user));
    }
}
