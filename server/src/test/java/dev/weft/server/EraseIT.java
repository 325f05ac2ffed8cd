package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.RoomName;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Documents that are deleted for good while people are in them, and people who come back to them. */
@ExtendWith(LeakCheck.class)
class EraseIT {
    private static final RoomName ROOM = new RoomName("secret");

    private final TestServer system = new TestServer(TestRedis.shared());

    @AfterEach
    void stop() {
        system.close();
    }

    @Test
    void everybodyIsClosedForGoodAndNobodyBringsTheDocumentBack() {
        List<WeftServer> nodes = List.of(system.start(), system.start());
        byte[] content = TestUpdates.typed(1, 0, "content");
        try (TestClient writer = system.connect(nodes.get(0), "secret", "ann").join();
                TestClient reader =
                        system.connect(nodes.get(1), "secret", "reader").join()) {
            writer.update(content);
            reader.awaitHas(content);
            system.storage.erase(ROOM.document());
            system.rooms(0).erase(ROOM);
            writer.awaitClosed();
            reader.awaitClosed();
            assertThat(writer.closeCode()).isEqualTo(4410);
            assertThat(reader.closeCode()).isEqualTo(4410);
        }
        for (WeftServer node : nodes) {
            assertThat(TestClient.refused(node.port(), "/secret?yauth=" + system.keys.token("ann")))
                    .isEqualTo(410);
        }
        assertThat(system.streamLength("secret")).isZero();

        system.storage.allow(ROOM.document());
        system.rooms(0).allow(ROOM);
        try (TestClient returning =
                system.connect(nodes.get(1), "secret", "ann").join()) {
            assertThat(returning.document()).isEqualTo(Updates.empty());
            returning.update(content);
            returning.awaitHas(content);
        }
    }

    /** One who was let in just before, and whose edits come just after. */
    @Test
    void updateThatComesAfterTheErasureIsNotTaken() {
        WeftServer node = system.start();
        system.rooms(0).erase(ROOM);
        try (TestClient late = system.connect(node, "secret", "ann").join()) {
            late.update(TestUpdates.typed(1, 0, "content"));
            late.awaitClosed();
            assertThat(late.closeCode()).isEqualTo(4410);
        }
        assertThat(system.streamLength("secret")).isZero();
        assertThat(TestServer.metric(node, "weft_appends_failed_total")).isZero();
    }

    @Test
    void documentThatMayReturnIsBroughtBackByItsClients() {
        WeftServer node = system.start();
        byte[] content = TestUpdates.typed(1, 0, "content");
        try (TestClient writer = system.connect(node, "secret", "ann").join()) {
            writer.update(content);
            writer.awaitHas(content);
            system.storage.erase(ROOM.document());
            system.rooms(0).erase(ROOM);
            writer.awaitClosed();
            assertThat(writer.closeCode()).isEqualTo(4410);
        }
        system.storage.allow(ROOM.document());
        system.rooms(0).allow(ROOM);
        try (TestClient back = system.connect(node, "secret", "ann").join()) {
            back.send(new Message.SyncStep2(content));
            back.awaitHas(content);
            assertThat(Updates.stateVector(system.document("secret")))
                    .isEqualTo(Updates.stateVector(content))
                    .isNotEqualTo(StateVector.empty());
        }
    }
}
