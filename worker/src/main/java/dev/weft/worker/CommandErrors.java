package dev.weft.worker;

import dev.weft.room.RedisUnavailableException;
import dev.weft.settings.InvalidSettingException;
import dev.weft.storage.StorageException;
import java.io.UncheckedIOException;
import picocli.CommandLine;

/** Ends a command with one line on standard error when it meets what an operator can mend. Other faults come with their trace. */
final class CommandErrors implements CommandLine.IExecutionExceptionHandler {
    /** What was asked for could not be done, and nothing was changed. */
    static final int FAILED = 1;

    /** A setting is bad, or Redis or storage does not answer. */
    static final int CANNOT_START = 2;

    @Override
    public int handleExecutionException(Exception e, CommandLine command, CommandLine.ParseResult arguments)
            throws Exception {
        boolean isOutside = e instanceof InvalidSettingException
                || e instanceof RedisUnavailableException
                || e instanceof StorageException;
        if (!isOutside && !(e instanceof UncheckedIOException)) {
            throw e;
        }
        command.getErr().println(command.getCommandSpec().qualifiedName() + ": " + e.getMessage());
        return isOutside ? CANNOT_START : FAILED;
    }
}
