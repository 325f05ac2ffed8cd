package dev.weft.benchmarks;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code weft bench}: measures module yjs. */
@Command(
        name = "weft bench",
        mixinStandardHelpOptions = true,
        description = "Measures module yjs beside Yjs in Node.js.",
        subcommands = {BytesCommand.class, MemoryCommand.class})
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) {
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        return new CommandLine(new BenchMain()).setExecutionExceptionHandler((exception, commandLine, parsed) -> {
            if (exception instanceof BenchmarkException) {
                System.err.println("weft bench: " + exception.getMessage());
                return 1;
            }
            throw exception;
        });
    }
}
