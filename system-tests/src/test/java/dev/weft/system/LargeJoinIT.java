package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.yjs.Updates;
import dev.weft.yjs.YDoc;
import dev.weft.yjs.YDocOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Stock clients, y-websocket 1.5, 2.1 and 3.0, join a document of some megabytes that lies in storage in several versions. */
class LargeJoinIT {
    private static final int VERSIONS = 3;
    private static final int WRITERS = 4;
    private static final int EDITS = 400;
    private static final int LETTERS = 8_000;
    /** The document's megabytes in frames of 256 KiB. */
    private static final int FRAMES = 10;

    @RegisterExtension
    private static final Processes PROCESSES = new Processes();

    private static final long SEED = Long.getLong("weft.seed", new Random().nextInt(1 << 30));

    private static Weft weft;
    private static Weft.Server server;
    private static ClientProcess clients;
    private static final List<byte[]> VERSIONS_OF_TEXT = new ArrayList<>();
    private static String text = "";

    private final String room = "room-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        weft = new Weft(PROCESSES);
        server = weft.startServer();
        clients = PROCESSES.clients();
        write(new Random(SEED));
    }

    /** Writers who write into each other's text, so that none of their structs can do without those of the others. */
    private static void write(Random random) {
        List<byte[]> updates = new ArrayList<>();
        List<YDoc> writers = Stream.iterate(1L, id -> id + 1)
                .limit(WRITERS)
                .map(id -> new YDoc(YDocOptions.builder().clientId(id).build()))
                .toList();
        for (YDoc writer : writers) {
            writer.onUpdate(event -> {
                if (event.origin() == null) {
                    updates.add(event.update());
                }
            });
        }
        for (int i = 0; i < EDITS; i++) {
            YDoc writer = writers.get(random.nextInt(WRITERS));
            int length = writer.getText("text").length();
            String letter = String.valueOf((char) ('a' + random.nextInt(26)));
            writer.getText("text").insert(random.nextInt(length + 1), letter.repeat(random.nextInt(2 * LETTERS) + 1));
            if (random.nextInt(4) == 0) {
                writer.getText("text").delete(random.nextInt(length + 1), 1);
            }
            for (YDoc other : writers) {
                if (other != writer) {
                    updates.forEach(update -> other.applyUpdate(update, "another"));
                }
            }
            text = writer.getText("text").toString();
            keep(updates, i);
            updates.clear();
        }
        writers.forEach(YDoc::destroy);
    }

    private static void keep(List<byte[]> updates, int edit) {
        int version = edit * VERSIONS / EDITS;
        if (version == VERSIONS_OF_TEXT.size()) {
            VERSIONS_OF_TEXT.add(Updates.empty());
        }
        List<byte[]> parts = new ArrayList<>(updates);
        parts.add(VERSIONS_OF_TEXT.get(version));
        VERSIONS_OF_TEXT.set(version, Updates.merge(parts));
    }

    @BeforeEach
    void store() {
        // The last one first: none of them can do without those before it.
        VERSIONS_OF_TEXT.reversed().forEach(version -> weft.store(room, version));
    }

    @ParameterizedTest(name = "y-websocket {0}")
    @ValueSource(ints = {1, 2, 3})
    void everyoneGetsWhatIsLackingAndNoMore(int version) {
        double before = weft.metric(server, "weft_joins_loads_total");
        StockClient client = open("first", version).awaitSynced();
        assertThat(client.text()).as("seed %s", SEED).isEqualTo(text);
        assertThat(client.state().pending()).isFalse();
        assertThat(client.state().framesIn()).isGreaterThan(FRAMES);
        assertThat(client.state().opens()).isOne();
        assertThat(weft.metric(server, "weft_joins_loads_total")).isEqualTo(before + VERSIONS);

        StockClient writer = open("writer", version).awaitSynced();
        writer.startWriting("x", 20);
        StockClient during = open("during", version).awaitSynced();
        client.disconnect();
        await("it is offline").until(() -> !client.state().connected());
        double sent = weft.metric(server, "weft_joins_bytes_total");
        int length = client.text().length();
        await("others write on").until(() -> during.text().length() > length + 20);
        client.connect();
        client.awaitSynced();
        assertThat(weft.metric(server, "weft_joins_bytes_total") - sent)
                .as("bytes at the reconnect")
                .isLessThan(100_000);
        writer.stopWriting();
        await("all have the same").untilAsserted(() -> {
            assertThat(client.text()).isEqualTo(writer.text());
            assertThat(during.text()).isEqualTo(writer.text());
        });
        assertThat(client.digest()).isEqualTo(during.digest()).isEqualTo(writer.digest());

        double loads = weft.metric(server, "weft_joins_loads_total");
        double bytes = weft.metric(server, "weft_joins_bytes_total");
        client.disconnect();
        await("it is offline").until(() -> !client.state().connected());
        client.connect();
        client.awaitSynced();
        assertThat(weft.metric(server, "weft_joins_loads_total")).as("loads").isEqualTo(loads);
        assertThat(weft.metric(server, "weft_joins_bytes_total") - bytes)
                .as("bytes for one who has all")
                .isLessThan(5_000);
        Stream.of(client, writer, during).forEach(StockClient::close);
    }

    private StockClient open(String name, int version) {
        return clients.open(
                name + "-" + version + "-" + UUID.randomUUID(),
                weft.dial(server, room).version(version));
    }
}
