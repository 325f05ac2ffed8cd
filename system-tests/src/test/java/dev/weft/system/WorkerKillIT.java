package dev.weft.system;

import static dev.weft.system.Patience.await;

import dev.weft.system.BreakpointStorage.Step;
import dev.weft.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A worker, killed with SIGKILL or frozen past its lease, at each place between two steps of a compaction. {@link Witnesses} says what is
 * checked.
 */
class WorkerKillIT {
    private static final int EVERY_MILLIS = 5;
    private static final int MEANWHILE = 100;

    @RegisterExtension
    private static final Processes PROCESSES = new Processes();

    @TempDir
    private static Path folder;

    private static Weft weft;
    private static Weft.Server server;

    @BeforeAll
    static void startAndStoreAFirstVersionOfEachRoom() {
        weft = new Weft(PROCESSES).with("REDIS_TASK_DEBOUNCE", "300").with("REDIS_MIN_MESSAGE_LIFETIME", "500");
        server = weft.startServer();
        JavaProcess worker = weft.startWorker();
        ClientProcess founders = PROCESSES.clients();
        for (Step step : Step.values()) {
            for (String room : new String[] {killed(step), frozen(step)}) {
                StockClient founder = founders.open(
                        "founder of " + room, weft.dial(server, room).recording());
                founder.awaitSynced().insert(0, "founded");
                founder.awaitAcknowledged();
            }
        }
        await("first versions are stored")
                .until(() -> weft.stored(frozen(Step.NONE)).size() == 1);
        await("and nothing waits").until(() -> weft.keys("room:*").isEmpty());
        founders.close();
        Weft.stop(worker);
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void aWorkerKilledBetweenTwoStepsLosesNothing(Step step) {
        String room = killed(step);
        Witnesses witnesses = new Witnesses();
        ClientProcess writers = PROCESSES.clients();
        StockClient writer = writing(writers, room);
        JavaProcess doomed = weft.startWorkerThatStops(step, folder.resolve("never"));
        weft.awaitBreakpoint(doomed, step);
        int atBreakpoint = writer.state().updatesKept();
        // Entries that the halted compaction has not read.
        await("more updates meanwhile").until(() -> writer.state().updatesKept() >= atBreakpoint + MEANWHILE);

        doomed.sigkill();
        witnesses.hear(writer);
        writers.sigkill();

        witnesses.findAllIn(fresh(room));
        JavaProcess worker = weft.startWorker();
        await("the room is compacted and trimmed")
                .until(() -> weft.keys("room:*").isEmpty());
        weft.assertStoredTidily(room);
        witnesses.findAllIn(fresh(room));
        Weft.stop(worker);
    }

    @ParameterizedTest
    @EnumSource(names = {"AFTER_LOAD", "AFTER_STORE", "AFTER_DISCARD"})
    void aWorkerThatWasFrozenWhileAnotherDidItsTaskLosesNothing(Step step) throws IOException {
        String room = frozen(step);
        Witnesses witnesses = new Witnesses();
        ClientProcess writers = PROCESSES.clients();
        StockClient writer = writing(writers, room);
        Path release = folder.resolve("release " + step);
        JavaProcess sleeper = weft.startWorkerThatStops(step, release);
        weft.awaitBreakpoint(sleeper, step);
        int atBreakpoint = writer.state().updatesKept();
        await("more updates meanwhile").until(() -> writer.state().updatesKept() >= atBreakpoint + MEANWHILE);

        sleeper.sigstop();
        witnesses.hear(writer);
        writers.sigkill();
        JavaProcess other = weft.startWorker();
        await("the other has taken over and trimmed")
                .until(() -> weft.keys("room:*").isEmpty());
        witnesses.findAllIn(fresh(room));
        Weft.stop(other);
        Files.createFile(release);
        sleeper.sigcont();
        // It ends its old task, with what it knew then, before it obeys.
        Weft.stop(sleeper);

        witnesses.findAllIn(fresh(room));
        StockClient late = fresh(room);
        late.insert(0, "later");
        await("a new entry").until(() -> weft.streamLength(room) > 0);
        JavaProcess worker = weft.startWorker();
        await("the room is compacted and trimmed again")
                .until(() -> weft.keys("room:*").isEmpty());
        weft.assertStoredTidily(room);
        late.close();
        witnesses.findAllIn(fresh(room));
        Weft.stop(worker);
    }

    private static String killed(Step step) {
        return "killed-" + step;
    }

    private static String frozen(Step step) {
        return "frozen-" + step;
    }

    private static StockClient writing(ClientProcess house, String room) {
        StockClient writer = house.open(
                        "writer of " + room, weft.dial(server, room).recording())
                .awaitSynced();
        writer.startWriting("before ", EVERY_MILLIS);
        return writer;
    }

    private static StockClient fresh(String room) {
        return PROCESSES
                .clients()
                .open("fresh in " + room, weft.dial(server, room))
                .awaitSynced();
    }
}
