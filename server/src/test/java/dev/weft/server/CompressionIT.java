package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.testing.TestRedis;
import dev.weft.yjs.Message;
import dev.weft.yjs.StateVector;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LeakCheck.class)
class CompressionIT {
    private static final String LONG_TEXT = "long text ".repeat(1_000);

    @Test
    void longMessagesAreCompressedForThoseWhoUnderstandItAndForNobodyElse() throws Exception {
        try (TestServer system = new TestServer(TestRedis.shared())) {
            WeftServer server = system.start();
            try (DeflatingClient reader = connect(system, server);
                    TestClient other = system.connect(server, "room", "ann").join();
                    TestClient writer = system.connect(server, "room", "bob").join()) {
                assertThat(reader.head())
                        .contains("permessage-deflate; server_no_context_takeover; client_no_context_takeover");
                reader.send(new Message.SyncStep1(StateVector.empty()).encode(), false);
                assertThat(Message.decode(reader.next().payload())).isInstanceOf(Message.SyncStep2.class);
                assertThat(Message.decode(reader.next().payload())).isInstanceOf(Message.SyncStep1.class);
                for (int i = 0; i < 3; i++) {
                    byte[] update = TestUpdates.typed(1, (long) i * LONG_TEXT.length(), LONG_TEXT);
                    writer.update(update);
                    DeflatingClient.Frame frame = reader.next();
                    assertThat(frame.deflated()).isTrue();
                    assertThat(frame.payload()).hasSizeLessThan(500);
                    assertThat(Inflation.inflate(frame.payload(), 1 << 20)).isEqualTo(Message.updateFrame(update));
                    other.awaitHas(update);
                }
                byte[] small = TestUpdates.typed(2, 0, "small");
                writer.update(small);
                DeflatingClient.Frame frame = reader.next();
                assertThat(frame.deflated()).isFalse();
                assertThat(frame.payload()).isEqualTo(Message.updateFrame(small));
            }
        }
    }

    @Test
    void compressedMessagesAreUnderstoodSmallAndLarge() throws Exception {
        try (TestServer system = new TestServer(TestRedis.shared())) {
            WeftServer server = system.start();
            try (DeflatingClient writer = connect(system, server);
                    TestClient reader = system.connect(server, "room", "ann").join()) {
                long clock = 0;
                for (String text : new String[] {"a", "b".repeat(500), LONG_TEXT, LONG_TEXT.repeat(50), "end"}) {
                    byte[] update = TestUpdates.typed(1, clock, text);
                    clock += text.length();
                    writer.send(CompressionTest.deflated(Message.updateFrame(update)), true);
                    reader.awaitHas(update);
                }
            }
        }
    }

    @Test
    void bombEndsItsConnectionForGood() throws Exception {
        try (TestServer system =
                new TestServer(TestRedis.shared(), Map.of("MAX_MESSAGE_BYTES", "100000", "CLOSE_DELAY", "0"))) {
            WeftServer server = system.start();
            try (DeflatingClient bomber = connect(system, server)) {
                bomber.send(CompressionTest.deflated(new byte[50 << 20]), true);
                assertThatThrownBy(bomber::next).hasMessageContaining("4413");
            }
            try (DeflatingClient liar = connect(system, server)) {
                liar.send(new byte[] {(byte) 0xff, (byte) 0xff, 1}, true);
                assertThatThrownBy(liar::next).hasMessageContaining("4400");
            }
        }
    }

    @Test
    void whereItIsNotAgreedOnCompressedFramesAreAViolation() throws Exception {
        try (TestServer system =
                new TestServer(TestRedis.shared(), Map.of("COMPRESSION", "false", "CLOSE_DELAY", "0"))) {
            WeftServer server = system.start();
            try (DeflatingClient client = connect(system, server)) {
                assertThat(client.head()).doesNotContain("permessage-deflate");
                client.send(CompressionTest.deflated(new byte[] {3}), true);
                assertThatThrownBy(client::next).hasMessageContaining("4400");
            }
        }
    }

    private static DeflatingClient connect(TestServer system, WeftServer server) throws Exception {
        return new DeflatingClient(server.port(), "/room?yauth=" + system.keys.token("dora"));
    }
}
