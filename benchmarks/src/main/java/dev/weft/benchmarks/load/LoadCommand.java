package dev.weft.benchmarks.load;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weft bench load}: the scenarios, each against any server that runs. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Drives a y-websocket server of any make, and checks that all that was sent arrived in every client.",
            "Exit code: 0 all arrived; 1 something did not, or a client was refused; 2 bad options."
        },
        footer = {
            "",
            "Before anything is measured the server is warmed up with the same work. Latencies are from the moment before a message is"
                    + " written to the moment after it was read, on one clock. `weft bench load SCENARIO --help` lists the options."
        })
public final class LoadCommand {
    private final Assets assets;

    private LoadCommand(Assets assets) {
        this.assets = assets;
    }

    /** The command with its scenarios. */
    public static CommandLine commandLine(Assets assets) {
        return new CommandLine(new LoadCommand(assets))
                .registerConverter(Protocol.class, LoadCommand::protocol)
                .registerConverter(Duration.class, LoadCommand::seconds);
    }

    @Command(
            name = "fan-out",
            mixinStandardHelpOptions = true,
            description = "One writer and many observers in one room.")
    int fanOut(
            @Mixin TargetOptions target,
            @Option(names = "--observers", defaultValue = "500", description = "(${DEFAULT-VALUE})") int observers,
            @Option(names = "--rate", defaultValue = "25", description = "Updates a second (${DEFAULT-VALUE}).")
                    double rate,
            @Option(names = "--bytes", defaultValue = "50", description = "Of an update (${DEFAULT-VALUE}).") int bytes,
            @Option(names = "--warmup", defaultValue = "10", description = "Seconds (${DEFAULT-VALUE}).")
                    Duration warmup,
            @Option(names = "--duration", defaultValue = "20", description = "Seconds measured (${DEFAULT-VALUE}).")
                    Duration duration) {
        return target.run(session -> new UpdatesLoad(
                        new UpdatesLoad.Options(
                                "fan-out", 1, observers, rate, bytes, new UpdatesLoad.Warmup(warmup, rate), duration),
                        session)
                .run());
    }

    @Command(
            name = "rooms",
            mixinStandardHelpOptions = true,
            description = "Many rooms with one writer and one observer each, who write in turn.")
    int rooms(
            @Mixin TargetOptions target,
            @Option(names = "--rooms", defaultValue = "1000", description = "(${DEFAULT-VALUE})") int rooms,
            @Option(names = "--observers", defaultValue = "1", description = "In each room (${DEFAULT-VALUE}).")
                    int observers,
            @Option(names = "--rate", defaultValue = "200", description = "Updates a second in all (${DEFAULT-VALUE}).")
                    double rate,
            @Option(names = "--bytes", defaultValue = "50", description = "Of an update (${DEFAULT-VALUE}).") int bytes,
            @Option(names = "--warmup", defaultValue = "10", description = "Seconds (${DEFAULT-VALUE}).")
                    Duration warmup,
            @Option(
                            names = "--warmup-rate",
                            defaultValue = "1000",
                            description = "Updates a second meanwhile (${DEFAULT-VALUE}).")
                    double warmupRate,
            @Option(names = "--duration", defaultValue = "20", description = "Seconds measured (${DEFAULT-VALUE}).")
                    Duration duration) {
        return target.run(session -> new UpdatesLoad(
                        new UpdatesLoad.Options(
                                "rooms",
                                rooms,
                                observers,
                                rate,
                                bytes,
                                new UpdatesLoad.Warmup(warmup, warmupRate),
                                duration),
                        session)
                .run());
    }

    @Command(
            name = "presence",
            mixinStandardHelpOptions = true,
            description = "Clients in one room who all show where they are.")
    int presence(
            @Mixin TargetOptions target,
            @Option(names = "--clients", defaultValue = "500", description = "(${DEFAULT-VALUE})") int clients,
            @Option(
                            names = "--rate",
                            defaultValue = "1",
                            description = "States a second of each client (${DEFAULT-VALUE}).")
                    double rate,
            @Option(names = "--bytes", defaultValue = "150", description = "Of a state (${DEFAULT-VALUE}).") int bytes,
            @Option(names = "--warmup", defaultValue = "10", description = "Seconds (${DEFAULT-VALUE}).")
                    Duration warmup,
            @Option(names = "--duration", defaultValue = "20", description = "Seconds measured (${DEFAULT-VALUE}).")
                    Duration duration) {
        return target.run(session ->
                new PresenceLoad(new PresenceLoad.Options(clients, rate, bytes, warmup, duration), session).run());
    }

    @Command(
            name = "join",
            mixinStandardHelpOptions = true,
            description = "Clients who have nothing join a room with a document.")
    int join(
            @Mixin TargetOptions target,
            @Mixin DocumentOptions document,
            @Option(names = "--clients", defaultValue = "1", description = "At once (${DEFAULT-VALUE}).") int clients,
            @Option(
                            names = "--warmups",
                            defaultValue = "5",
                            description = "Joins of one client before (${DEFAULT-VALUE}).")
                    int warmups,
            @Option(names = "--rounds", defaultValue = "10", description = "(${DEFAULT-VALUE})") int rounds) {
        return target.run(session -> document.with(
                assets,
                session,
                (room, bytes) -> new JoinLoad(
                                new JoinLoad.Options(clients, warmups, rounds, room, bytes, false), session)
                        .run()));
    }

    @Command(
            name = "reconnect",
            mixinStandardHelpOptions = true,
            description = "A client that has all of a document comes back.")
    int reconnect(
            @Mixin TargetOptions target,
            @Mixin DocumentOptions document,
            @Option(names = "--warmups", defaultValue = "200", description = "(${DEFAULT-VALUE})") int warmups,
            @Option(names = "--rounds", defaultValue = "200", description = "(${DEFAULT-VALUE})") int rounds) {
        return target.run(session -> document.with(
                assets,
                session,
                (room, bytes) ->
                        new ReconnectLoad(new ReconnectLoad.Options(warmups, rounds, room, bytes), session).run()));
    }

    @Command(name = "idle", mixinStandardHelpOptions = true, description = "Clients who come in and do nothing.")
    int idle(
            @Mixin TargetOptions target,
            @Option(names = "--clients", defaultValue = "1000", description = "(${DEFAULT-VALUE})") int clients,
            @Option(names = "--rooms", defaultValue = "1", description = "Spread over so many (${DEFAULT-VALUE}).")
                    int rooms,
            @Option(
                            names = "--warmups",
                            defaultValue = "3000",
                            description = "Clients who come and go before (${DEFAULT-VALUE}).")
                    int warmups,
            @Option(names = "--hold", defaultValue = "10", description = "Seconds they stay (${DEFAULT-VALUE}).")
                    Duration hold,
            @Option(
                            names = "--collect",
                            paramLabel = "COMMAND",
                            description =
                                    "Run before memory is read, so that garbage does not count: \"jcmd PID GC.run\".")
                    Optional<String> collect) {
        Runnable collecting =
                collect.<Runnable>map(command -> () -> Shell.run(command)).orElse(() -> {});
        return target.run(session ->
                new IdleLoad(new IdleLoad.Options(clients, clients, rooms, warmups, hold, collecting), session).run());
    }

    private static Protocol protocol(String name) {
        for (Protocol protocol : Protocol.values()) {
            if (protocol.toString().equals(name)) {
                return protocol;
            }
        }
        throw new CommandLine.TypeConversionException("'" + name + "' is neither y-websocket nor hocuspocus");
    }

    private static Duration seconds(String text) {
        try {
            double seconds = Double.parseDouble(text);
            if (seconds >= 0 && seconds <= 86_400) {
                return Duration.ofMillis((long) (seconds * 1e3));
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new CommandLine.TypeConversionException(
                String.format(Locale.ROOT, "'%s' is no number of seconds from 0 to 86400", text));
    }
}
