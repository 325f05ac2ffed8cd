package dev.weft.system;

import static dev.weft.system.Patience.await;

import dev.weft.testing.JavaProcess;
import dev.weft.testing.TestPostgres;
import dev.weft.testing.TestRedis;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Servers and Redis, killed with SIGKILL while people write. {@link Witnesses} says what is checked.
 */
class KillIT {
    private static final int EVERY_MILLIS = 5;
    private static final int ENOUGH_CLOCKS = 500;

    @RegisterExtension
    private final Processes processes = new Processes();

    @TempDir
    private Path folder;

    @Test
    void aServerKilledWhileClientsWriteLosesNothingThatWasEchoed() {
        String room = "room";
        Weft weft = weftOnSharedServices();
        Weft.Server doomed = weft.startServer();
        Weft.Server other = weft.startServer();
        weft.startWorker();
        Witnesses witnesses = new Witnesses();
        ClientProcess lost = processes.clients();
        ClientProcess staying = processes.clients();
        StockClient goesDown = writing(lost, "goes-down", weft.dial(doomed, room));
        StockClient moves = writing(staying, "moves", weft.dial(doomed, room).version(3));
        StockClient returns =
                writing(staying, "returns", weft.dial(doomed, room).version(1));
        StockClient elsewhere =
                writing(staying, "elsewhere", weft.dial(other, room).version(2));
        await("enough was written")
                .until(() -> hasEnough(goesDown) && hasEnough(moves) && hasEnough(returns) && hasEnough(elsewhere));

        doomed.process().sigkill();
        // One of them dies with its server: what it wrote is where Redis and storage have it, and nowhere else.
        witnesses.hear(goesDown);
        lost.sigkill();
        moves.moveTo(other.url());
        Weft.Server restarted = weft.startServer(doomed.port());
        await("the others are connected again")
                .until(() -> moves.state().opens() == 2 && returns.state().opens() == 2);
        long moved = moves.ownClocks();
        long returned = returns.ownClocks();
        await("and have back what they wrote meanwhile, and more")
                .until(() -> moves.state().acknowledged() > moved + ENOUGH_CLOCKS
                        && returns.state().acknowledged() > returned + ENOUGH_CLOCKS);

        restarted.process().sigkill();
        witnesses.hear(moves, returns, elsewhere);
        staying.sigkill();

        witnesses.findAllIn(
                processes.clients().open("fresh", weft.dial(other, room)).awaitSynced());
        await("Redis is trimmed").until(() -> weft.keys("room:*").isEmpty());
        weft.assertStoredTidily(room);
        witnesses.findAllIn(processes
                .clients()
                .open("later", weft.dial(weft.startServer(), room))
                .awaitSynced());
    }

    @Test
    void redisKilledAndRestartedWithItsAppendOnlyFileLosesNothingThatWasEchoed() {
        String room = "room";
        TestRedis redis = durableRedis();
        Weft weft = new Weft(
                processes, redis.url(), Map.of("POSTGRES", TestPostgres.shared().createDatabase()));
        Weft.Server left = weft.startServer();
        Weft.Server right = weft.startServer();
        JavaProcess worker = weft.startWorker();
        Witnesses witnesses = new Witnesses();
        ClientProcess lost = processes.clients();
        ClientProcess staying = processes.clients();
        StockClient goesDown = writing(lost, "goes-down", weft.dial(left, room));
        StockClient stays = writing(staying, "stays", weft.dial(left, room).version(2));
        StockClient elsewhere =
                writing(staying, "elsewhere", weft.dial(right, room).version(1));
        await("enough was written").until(() -> hasEnough(goesDown) && hasEnough(stays) && hasEnough(elsewhere));

        redis.kill();
        witnesses.hear(goesDown, stays, elsewhere);
        lost.sigkill();
        await("who stays has lost the connection")
                .until(() -> !stays.state().closes().isEmpty());
        redis.restart();
        // Only those of the dead client count here: the others bring theirs again.
        await("the others write on")
                .until(() -> stays.state().opens() > 1
                        && elsewhere.state().opens() > 1
                        && stays.state().acknowledged() >= stays.ownClocks() - ENOUGH_CLOCKS
                        && elsewhere.state().acknowledged() >= elsewhere.ownClocks() - ENOUGH_CLOCKS);
        stays.stopWriting();
        elsewhere.stopWriting();
        await("they agree").until(() -> stays.digest().equals(elsewhere.digest()));
        stays.awaitAcknowledged();
        elsewhere.awaitAcknowledged();
        witnesses.hear(stays, elsewhere);
        staying.sigkill();

        witnesses.findAllIn(
                processes.clients().open("fresh", weft.dial(right, room)).awaitSynced());
        await("Redis is trimmed").until(() -> weft.keys("room:*").isEmpty());
        weft.assertStoredTidily(room);
        Weft.stop(left.process(), right.process(), worker);
        witnesses.findAllIn(processes
                .clients()
                .open("later", weft.dial(weft.startServer(), room))
                .awaitSynced());
    }

    @Test
    void redisKilledTogetherWithAllWritersLosesNothingThatWasEchoed() {
        String room = "room";
        TestRedis redis = durableRedis();
        Weft weft = new Weft(
                processes, redis.url(), Map.of("POSTGRES", TestPostgres.shared().createDatabase()));
        Weft.Server server = weft.startServer();
        weft.startWorker();
        Witnesses witnesses = new Witnesses();
        ClientProcess writers = processes.clients();
        StockClient writer = writing(writers, "writer", weft.dial(server, room));
        await("enough was written").until(() -> hasEnough(writer));

        redis.kill();
        witnesses.hear(writer);
        writers.sigkill();
        redis.restart();

        witnesses.findAllIn(
                processes.clients().open("fresh", weft.dial(server, room)).awaitSynced());
        await("Redis is trimmed").until(() -> weft.keys("room:*").isEmpty());
        witnesses.findAllIn(processes
                .clients()
                .open("later", weft.dial(weft.startServer(), room))
                .awaitSynced());
    }

    /** Clocks, and messages, of which there are fewer because a server merges what comes in one tick. */
    private static boolean hasEnough(StockClient client) {
        return client.state().acknowledged() > ENOUGH_CLOCKS && client.state().updatesKept() > Witnesses.AT_LEAST;
    }

    private TestRedis durableRedis() {
        try {
            Path data = Files.createDirectory(folder.resolve("redis"));
            return processes.owned(TestRedis.start(TestRedis.Options.appendOnly(data)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Weft weftOnSharedServices() {
        return new Weft(processes);
    }

    private static StockClient writing(ClientProcess house, String name, Dial dial) {
        StockClient client = house.open(name, dial.recording()).awaitSynced();
        client.startWriting(name + " ", EVERY_MILLIS);
        return client;
    }
}
