package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A document is deleted for good by the operator's command, while a stock client is in it and another keeps it offline. */
class EraseIT {
    private static final String ROOM = "minutes";

    @RegisterExtension
    private final Processes processes = new Processes();

    @TempDir
    private Path folder;

    @Test
    void erasedDocumentIsGoneEverywhereAndNoClientBringsItBackUntilThatIsAllowed() throws IOException {
        Weft weft = new Weft(processes);
        Weft.Server server = weft.startServer();
        weft.startWorker();
        ClientProcess clients = processes.clients();
        StockClient inside =
                clients.open("inside", weft.dial(server, ROOM).recording()).awaitSynced();
        StockClient offline =
                clients.open("offline", weft.dial(server, ROOM).version(2)).awaitSynced();
        inside.insert(0, "nobody shall read this");
        inside.awaitAcknowledged();
        await("both have it").until(() -> offline.text().equals(inside.text()));
        await("it is stored").until(() -> weft.stored(ROOM).size() == 1);
        offline.disconnect();
        inside.insert(0, "and not this: ");
        inside.awaitAcknowledged();

        Path receipts = folder.resolve("receipts");
        weft.run("dev.weft.worker.EraseMain", "--yes", "--receipt", receipts.toString(), ROOM);

        JsonNode receipt = new ObjectMapper().readTree(Files.readString(receipts));
        assertThat(receipt.path("room").asText()).isEqualTo(ROOM);
        assertThat(receipt.path("versions").asInt()).isPositive();
        assertThat(receipt.path("bytes").asLong()).isPositive();
        await("who was inside is told so")
                .until(() -> inside.state().closes().stream().anyMatch(close -> close.code() == 4410));
        assertThat(weft.stored(ROOM)).isEmpty();
        assertThat(weft.keys("room:*")).isEmpty();
        assertThat(weft.keys("presence:*")).isEmpty();

        offline.connect();
        int errors = offline.state().errors().size();
        await("who comes back is refused").until(() -> offline.state().errors().size() > errors + 1);
        assertThat(offline.state().connected()).isFalse();
        assertThat(weft.stored(ROOM)).isEmpty();
        assertThat(weft.keys("room:*")).isEmpty();

        weft.run("dev.weft.worker.AllowMain", ROOM);
        await("now it may")
                .until(() -> offline.state().connected() && offline.state().synced());
        StockClient fresh = clients.open("fresh", weft.dial(server, ROOM)).awaitSynced();
        await("and brings what it has").until(() -> fresh.text().contains("nobody shall read this"));
    }
}
