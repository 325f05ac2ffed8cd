package dev.weft.chaos;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weft chaos}. */
@Command(
        name = "weft chaos",
        mixinStandardHelpOptions = true,
        description = {
            "Runs two servers and two workers, each a process, on a Redis and a storage of their own, lets clients write, and kills,"
                    + " pauses, cuts off and fails all of them at random. Whoever comes into a room must find all that any client had"
                    + " got from a server, also when all others have vanished; in the end storage must have it, once, and Redis nothing.",
            "",
            "Exit code: 0 nothing was lost; 1 something was lost or stuck, and the evidence was kept; 2 it could not run."
        })
public final class ChaosMain implements Callable<Integer> {
    private static final int FAILED = 1;
    private static final int CANNOT_RUN = 2;

    @Option(
            names = "--minutes",
            paramLabel = "N",
            defaultValue = "5",
            description = "How long things go wrong (${DEFAULT-VALUE}); 0.5 is half a minute.")
    private double minutes;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description =
                    "Draws the faults and what clients do (random). The same seed gives the same faults at the same times; what they hit differs a little.")
    private @Nullable Long seed;

    @Option(
            names = "--storage",
            paramLabel = "NAME",
            defaultValue = "postgres",
            description = "postgres or s3 (${DEFAULT-VALUE}).")
    private ChaosOptions.StorageKind storage = ChaosOptions.StorageKind.POSTGRES;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "24",
            description = "Clients at one time (${DEFAULT-VALUE}).")
    private int clients;

    @Option(names = "--rooms", paramLabel = "N", defaultValue = "8", description = "Rooms (${DEFAULT-VALUE}).")
    private int rooms;

    @Option(
            names = "--folder",
            paramLabel = "FOLDER",
            description = "For data, logs and evidence (data/chaos/<seed>); deleted if nothing was lost.")
    private Optional<Path> folder = Optional.empty();

    @CommandLine.Spec
    private CommandLine.Model.@Nullable CommandSpec spec;

    private ChaosMain() {}

    public static void main(String[] arguments) {
        // Read by logback.xml: libraries complain about what is broken on purpose. The harness says itself what
        // matters.
        System.setProperty("LOG_LEVEL", "OFF");
        System.exit(command().execute(arguments));
    }

    static CommandLine command() {
        return new CommandLine(new ChaosMain()).setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Override
    public Integer call() throws Exception {
        CommandLine line = Objects.requireNonNull(spec).commandLine();
        if (minutes <= 0 || clients < 1 || rooms < 1) {
            line.getErr().println("weft chaos: --minutes, --clients and --rooms take numbers above 0");
            return CANNOT_RUN;
        }
        long drawn = seed == null ? new Random().nextInt(1_000_000) : seed;
        Path place =
                folder.orElse(Path.of("data", "chaos", Long.toString(drawn))).toAbsolutePath();
        if (Files.exists(place) && !isEmpty(place)) {
            line.getErr().println("weft chaos: " + place + " is not empty; delete it, or name another with --folder");
            return CANNOT_RUN;
        }
        Files.createDirectories(place);
        Duration duration = Duration.ofMillis((long) (minutes * 60_000));
        PrintWriter out = line.getOut();
        boolean passed = new Chaos(new ChaosOptions(duration, drawn, storage, clients, rooms, place), out).run();
        if (!passed) {
            return FAILED;
        }
        delete(place);
        return 0;
    }

    private static boolean isEmpty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> deepestFirst;
        try (Stream<Path> files = Files.walk(folder)) {
            deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path path : deepestFirst) {
            Files.deleteIfExists(path);
        }
    }
}
