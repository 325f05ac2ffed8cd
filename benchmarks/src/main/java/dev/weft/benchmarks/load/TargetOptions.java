package dev.weft.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that all scenarios share. */
final class TargetOptions {
    @Option(
            names = "--url",
            required = true,
            paramLabel = "URL",
            description = "The server: ws://host:port, with a path if it has one.")
    private URI url = URI.create("ws://localhost:3002");

    @Option(
            names = "--token",
            paramLabel = "TOKEN",
            description = "What all clients show: as ?yauth=TOKEN, or in Hocuspocus' first message.")
    private Optional<String> token = Optional.empty();

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            defaultValue = "y-websocket",
            description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
    private Protocol protocol = Protocol.Y_WEBSOCKET;

    @Option(
            names = "--server-pid",
            paramLabel = "PID",
            description = "The server's process here: its processor time and memory are read from /proc.")
    private @Nullable Long server;

    @Option(names = "--redis-pid", paramLabel = "PID", description = "The same for its Redis.")
    private @Nullable Long redis;

    @Option(
            names = "--receivers",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loops for those who receive (${DEFAULT-VALUE}); senders have one more.")
    private int receivers = 1;

    @Option(
            names = "--at-one-time",
            paramLabel = "N",
            defaultValue = "64",
            description = "Clients that may be connecting at one time (${DEFAULT-VALUE}).")
    private int atOneTime = 64;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there, too.")
    private Optional<Path> json = Optional.empty();

    @Option(
            names = "--histogram",
            paramLabel = "FILE",
            description = "Write the distribution of latencies there, in ms, as HdrHistogram prints it.")
    private Optional<Path> histogram = Optional.empty();

    /** Runs a scenario and prints its result. @return the exit code */
    int run(Function<Session, LoadResult> scenario) {
        Target target = new Target(url, token, protocol, pid(server), pid(redis));
        Progress progress = new Progress(System.err);
        try (Session session = Session.open(target, receivers, atOneTime, progress, histogram)) {
            LoadResult result = scenario.apply(session);
            System.out.print(result.text());
            json.ifPresent(file -> write(file, result));
            return result.passed() ? 0 : 1;
        }
    }

    private static OptionalLong pid(@Nullable Long pid) {
        return pid == null ? OptionalLong.empty() : OptionalLong.of(pid);
    }

    private static void write(Path file, LoadResult result) {
        try {
            new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValue(file.toFile(), result);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
