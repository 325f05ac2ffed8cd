package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.weft.testing.JavaProcess;
import dev.weft.testing.TestPostgres;
import dev.weft.testing.TestRedis;
import dev.weft.testing.TestS3;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Real editing sessions, from stock clients through servers and workers into storage and back. */
class TraceIT {
    private static final int FRIENDS_EDITS = 26_078;
    private static final int PAPER_EDITS = 259_778;
    private static final Duration PAPER_LIMIT = Duration.ofMinutes(2);

    @RegisterExtension
    private final Processes processes = new Processes();

    @TempDir
    private Path folder;

    @Test
    void twoFriendsOnTwoNodesEndWithTheRecordedTextAndPostgresKeepsItOverARestart() {
        TestRedis redis = durableRedis();
        TestPostgres postgres = processes.owned(TestPostgres.start(folder.resolve("postgres")));
        Weft weft = new Weft(processes, redis.url(), Map.of("POSTGRES", postgres.url()));

        friendsMeetAndTheirTextSurvives(weft, () -> {
            redis.stop();
            postgres.stop();
            postgres.restart();
            redis.restart();
        });
    }

    @Test
    void twoFriendsOnTwoNodesEndWithTheRecordedTextAndS3KeepsItOverARestart() {
        TestRedis redis = durableRedis();
        TestS3 s3 = processes.owned(TestS3.start(newFolder("s3")));
        Weft weft = new Weft(processes, redis.url(), s3.settings("documents"));

        friendsMeetAndTheirTextSurvives(weft, () -> {
            redis.stop();
            s3.stop();
            s3.restart();
            redis.restart();
        });
    }

    private TestRedis durableRedis() {
        return processes.owned(TestRedis.start(TestRedis.Options.appendOnly(newFolder("redis"))));
    }

    private Path newFolder(String name) {
        try {
            return Files.createDirectory(folder.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void friendsMeetAndTheirTextSurvives(Weft weft, Runnable restartServices) {
        String room = "friends";
        String endContent = Traces.endContent(Traces.FRIENDS);
        Weft.Server left = weft.startServer();
        Weft.Server right = weft.startServer();
        JavaProcess worker = weft.startWorker();
        // A process each, because a replay keeps its process busy.
        ClientProcess leftHouse = processes.clients();
        ClientProcess rightHouse = processes.clients();
        StockClient seph =
                leftHouse.open("seph", weft.dial(left, room).version(3)).awaitSynced();
        StockClient kent =
                rightHouse.open("kent", weft.dial(right, room).version(1)).awaitSynced();

        CompletableFuture<JsonNode> one = seph.replayAgent(Traces.FRIENDS, 0);
        CompletableFuture<JsonNode> other = kent.replayAgent(Traces.FRIENDS, 1);
        assertThat(one.join().get("edits").asInt() + other.join().get("edits").asInt())
                .isEqualTo(FRIENDS_EDITS);

        await("both have the recorded text").untilAsserted(() -> {
            assertThat(seph.text()).isEqualTo(endContent);
            assertThat(kent.text()).isEqualTo(endContent);
        });
        assertThat(seph.state().opens()).as("connections of the first").isOne();
        assertThat(kent.state().opens()).as("connections of the second").isOne();
        await("Redis is trimmed").until(() -> weft.keys("room:*").isEmpty());
        weft.assertStoredTidily(room);

        assertThat(weft.lastWebhook(room)).as("the application was told").contains("\"room\":\"friends\"");

        leftHouse.close();
        rightHouse.close();
        Weft.stop(left.process(), right.process(), worker);
        restartServices.run();

        Weft.Server again = weft.startServer();
        weft.startWorker();
        StockClient third =
                processes.clients().open("third", weft.dial(again, room)).awaitSynced();
        assertThat(third.text()).isEqualTo(endContent);
        assertThat(third.state().pending()).isFalse();
    }

    @Test
    void onePaperOfAQuarterMillionEditsIsTypedAtFullSpeed() throws Exception {
        String room = "paper";
        String endContent = Traces.endContent(Traces.PAPER);
        Weft weft = new Weft(processes);
        Weft.Server server = weft.atFullSpeed().startServer();
        weft.startWorker();
        StockClient author = processes
                .clients()
                .open("author", weft.dial(server, room).recording())
                .awaitSynced();

        long start = System.nanoTime();
        JsonNode result = author.replay(Traces.PAPER).get(PAPER_LIMIT.toSeconds(), TimeUnit.SECONDS);
        await("every edit came back")
                .atMost(PAPER_LIMIT)
                .until(() -> author.state().acknowledged() >= author.ownClocks());
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf(
                "automerge-paper: %d edits typed, appended and echoed in %.1f s (%d a second)%n",
                PAPER_EDITS, took.toMillis() / 1000.0, PAPER_EDITS * 1000L / took.toMillis());

        assertThat(result.get("edits").asInt()).isEqualTo(PAPER_EDITS);
        assertThat(took).isLessThan(PAPER_LIMIT);
        assertThat(author.state().opens()).as("connections").isOne();
        StockClient reader =
                processes.clients().open("reader", weft.dial(server, room)).awaitSynced();
        assertThat(reader.text()).isEqualTo(endContent);
        await("Redis is trimmed").until(() -> weft.keys("room:*").isEmpty());
        weft.assertStoredTidily(room);
        reader.close();
        StockClient later = processes
                .clients()
                .open("later", weft.dial(weft.startServer(), room))
                .awaitSynced();
        assertThat(later.text()).isEqualTo(endContent);
    }
}
