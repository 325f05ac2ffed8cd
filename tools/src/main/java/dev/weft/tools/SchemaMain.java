package dev.weft.tools;

import dev.weft.storage.postgres.PostgresSchema;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The command {@code weft schema}. */
@CommandLine.Command(
        name = "weft schema",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = "Prints the SQL that makes the tables in Postgres, for who makes them by hand.",
        footer = {
            "",
            "Servers and workers make the tables themselves if their role may; with",
            "POSTGRES_MIGRATE=false they never try. Where they are made by hand,",
            "",
            "  ./weft schema | psql -v ON_ERROR_STOP=1 postgres://owner@host/database",
            "",
            "the role of servers and workers needs SELECT, INSERT and DELETE on them, and",
            "nothing else."
        })
public final class SchemaMain implements Callable<Integer> {
    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    @CommandLine.Option(
            names = "--from",
            paramLabel = "VERSION",
            defaultValue = "0",
            description = "the version that is there; prints what it lacks (0: nothing is there yet)")
    private int from;

    SchemaMain() {}

    public static void main(String[] arguments) {
        int code = new CommandLine(new SchemaMain()).execute(arguments);
        if (code != 0) {
            System.exit(code);
        }
    }

    @Override
    public Integer call() {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        try {
            line.getOut().print(PostgresSchema.script(from));
            line.getOut().flush();
            return 0;
        } catch (IllegalArgumentException e) {
            line.getErr().println("weft schema: " + e.getMessage());
            return line.getCommandSpec().exitCodeOnInvalidInput();
        }
    }
}
