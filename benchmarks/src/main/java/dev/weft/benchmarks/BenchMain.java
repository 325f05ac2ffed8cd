package dev.weft.benchmarks;

import dev.weft.benchmarks.load.Assets;
import dev.weft.benchmarks.load.CompareCommand;
import dev.weft.benchmarks.load.LoadCommand;
import dev.weft.benchmarks.load.LoadException;
import dev.weft.benchmarks.load.SoakCommand;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code weft bench}: measures module yjs, and servers. */
@Command(
        name = "weft bench",
        mixinStandardHelpOptions = true,
        description = "Measures module yjs beside Yjs in Node.js, and sync servers under load.",
        subcommands = {BytesCommand.class, MemoryCommand.class})
public final class BenchMain {
    private BenchMain() {}

    public static void main(String[] args) {
        // Read by logback.xml: what libraries say would mix with results.
        System.setProperty("LOG_LEVEL", "WARN");
        System.exit(commandLine().execute(args));
    }

    static CommandLine commandLine() {
        Home home = Home.ofEnvironment();
        Assets assets = new Assets(home::document, Home::install, home.path());
        CommandLine all = new CommandLine(new BenchMain())
                .addSubcommand(LoadCommand.commandLine(assets))
                .addSubcommand(new CompareCommand(assets))
                .addSubcommand(new SoakCommand(assets));
        return all.setExecutionExceptionHandler((exception, commandLine, parsed) -> {
            if (exception instanceof BenchmarkException || exception instanceof LoadException) {
                System.err.println("weft bench: " + exception.getMessage());
                return 1;
            }
            throw exception;
        });
    }
}
