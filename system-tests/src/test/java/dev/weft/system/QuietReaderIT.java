package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** Someone who may only read, in a room where nothing happens, beside the other tests because it is mostly waiting. */
@Execution(ExecutionMode.CONCURRENT)
class QuietReaderIT {
    /** Stock clients look every 3 s whether 30 s have passed without a frame. */
    private static final Duration QUIET = Duration.ofSeconds(90);

    private static final Duration LEEWAY = Duration.ofSeconds(20);
    /** The answers at the beginning, and a keep-alive every 10 s. */
    private static final int FRAMES = 20;

    @RegisterExtension
    private final Processes processes = new Processes();

    private record Reader(int version, String room, StockClient client) {}

    @Test
    void readersOfThreeVersionsStayConnectedFor90SecondsOfSilenceAndCannotWrite() {
        Weft weft = new Weft(processes);
        Weft.Server server = weft.startServer();
        weft.startWorker();
        ClientProcess writers = processes.clients();
        ClientProcess clients = processes.clients();
        String readerToken = weft.readerToken();
        List<Reader> readers = new ArrayList<>();
        for (int version : Dial.VERSIONS) {
            // A room for each, so that no other client's presence keeps one awake.
            String room = "quiet-" + version;
            StockClient writer =
                    writers.open("writer-" + version, weft.dial(server, room)).awaitSynced();
            StockClient witness =
                    writers.open("witness-" + version, weft.dial(server, room)).awaitSynced();
            writer.insert(0, "read me");
            // What somebody else hears is in Redis, or, some moments later, stored.
            await("the writer's text is taken").until(() -> witness.text().equals("read me"));
            writer.close();
            witness.close();
            StockClient reader = clients.open(
                    "reader-" + version,
                    Dial.to(server.url(), room).version(version).token(readerToken));
            reader.awaitSynced();
            assertThat(reader.text()).isEqualTo("read me");
            readers.add(new Reader(version, room, reader));
        }
        // An empty state of one's own is renewed every 15 s and echoed to its sender; without it the room is silent but
        // for the server.
        readers.forEach(reader -> reader.client().leaveAwareness());

        await("90 s without a reconnect")
                .during(QUIET)
                .atMost(QUIET.plus(LEEWAY))
                .until(() -> readers.stream()
                        .map(reader -> reader.client().state())
                        .allMatch(state -> state.opens() == 1
                                && state.connected()
                                && state.closes().isEmpty()));

        for (Reader reader : readers) {
            StockClient.State state = reader.client().state();
            assertThat(state.opens())
                    .as("connections of version %d", reader.version())
                    .isOne();
            assertThat(state.statuses())
                    .as("statuses of version %d", reader.version())
                    .doesNotContain("disconnected");
            assertThat(state.framesIn())
                    .as("frames to version %d", reader.version())
                    .isLessThan(FRAMES);
        }
        for (Reader reader : readers) {
            reader.client().insert(0, "may I? ");
        }
        await("providers heard that they may not write")
                .until(() -> clients.warnings().size() >= readers.size());
        assertThat(clients.warnings()).allMatch(warning -> warning.contains("Permission denied"));
        for (Reader reader : readers) {
            assertThat(reader.client().state().opens())
                    .as("still the same connection")
                    .isOne();
            assertThat(reader.client().state().connected()).isTrue();
            StockClient fresh = writers.open("fresh-" + reader.version(), weft.dial(server, reader.room()));
            assertThat(fresh.awaitSynced().text()).isEqualTo("read me");
            // Others' edits still reach the reader.
            fresh.insert(7, "!");
            await("the reader sees it").until(() -> reader.client().text().endsWith("read me!"));
        }
    }
}
