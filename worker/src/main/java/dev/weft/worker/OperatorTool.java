package dev.weft.worker;

import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.settings.Settings;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.DocumentStorages;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/**
 * A command for operators that works on Redis and storage, as {@code .env} and the environment name them. Results go to standard output, all
 * else to standard error. Exit codes: 0 done, 1 not all of it done, 2 wrong usage or settings, or Redis or storage cannot be reached.
 */
abstract class OperatorTool implements Callable<Integer> {
    static final int NOT_ALL_DONE = 1;

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    /** What the command does. @return the exit code */
    abstract int run(Rooms rooms, DocumentStorage storage);

    /** Runs a tool with its command line. @return the exit code */
    static int execute(OperatorTool tool, String[] arguments) {
        return new CommandLine(tool)
                .setExecutionExceptionHandler(new CommandErrors())
                .execute(arguments);
    }

    @Override
    public final Integer call() {
        Settings settings = Settings.load(Path.of(""));
        RoomSettings room = RoomSettings.from(settings);
        try (DocumentStorage storage = DocumentStorages.open(settings);
                Rooms rooms = Rooms.connect(room)) {
            return run(rooms, storage);
        }
    }

    final PrintWriter out() {
        return commandLine().getOut();
    }

    final PrintWriter err() {
        return commandLine().getErr();
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }
}
