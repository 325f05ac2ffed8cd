package dev.weft.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weft bench soak}: everything at once, for long, on ours. */
@Command(
        name = "soak",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a server and a worker of ours under all scenarios at once, at a modest rate, with new clients and new rooms every few"
                    + " seconds, and looks whether memory and Redis stay flat. All checks of the scenarios hold.",
            "Exit code: 0 flat and all arrived; 1 something grew or did not arrive."
        })
public final class SoakCommand implements Callable<Integer> {
    private static final Map<String, String> SETTINGS =
            Map.of("REDIS_TASK_DEBOUNCE", "2000", "REDIS_MIN_MESSAGE_LIFETIME", "10000");
    private static final Duration SHORT = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(5);
    /** From one start of a scenario to the next: at an even rate, memory and Redis stay even if nothing leaks. */
    private static final long PERIOD = TimeUnit.SECONDS.toNanos(10);

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "30", description = "(${DEFAULT-VALUE})")
    private double minutes = 30;

    @Option(
            names = "--sample",
            paramLabel = "N",
            defaultValue = "30",
            description = "Seconds from one sample to the next (${DEFAULT-VALUE}).")
    private int sampleSeconds = 30;

    private final Assets assets;
    private final Progress progress = new Progress(System.err);
    private final AtomicInteger rounds = new AtomicInteger();
    private final AtomicReference<@Nullable String> failure = new AtomicReference<>();
    private volatile boolean ending;

    public SoakCommand(Assets assets) {
        this.assets = assets;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        byte[] document = assets.document("sheet-4-fresh");
        Path csv = Files.createDirectories(assets.target().resolve("results")).resolve("soak.csv");
        List<SoakSample> samples = new ArrayList<>();
        try (WeftServices services = WeftServices.start(assets);
                WeftContender.RunningWeft server = new WeftContender(services, Map.of()).start(SETTINGS);
                Program worker = server.startWorker()) {
            Files.writeString(csv, SoakSample.HEADER + "\n");
            long start = System.nanoTime();
            SoakMeter meter = new SoakMeter(server, worker, start);
            List<Thread> threads = load(server, document);
            long end = start + (long) (minutes * 60e9);
            while (System.nanoTime() < end && failure.get() == null) {
                QuietLoad.pause(Duration.ofSeconds(sampleSeconds));
                SoakSample sample = meter.sample();
                samples.add(sample);
                Files.writeString(csv, sample.csv() + "\n", java.nio.file.StandardOpenOption.APPEND);
                progress.say(String.format(
                        Locale.ROOT,
                        "%d scenarios; server heap %.0f MB, RSS %.0f MB; worker heap %.0f MB; Redis %.0f MB, %.0f keys",
                        rounds.get(),
                        sample.serverHeap(),
                        sample.serverResident(),
                        sample.workerHeap(),
                        sample.redisMemory(),
                        sample.redisKeys()));
            }
            ending = true;
            for (Thread thread : threads) {
                thread.join();
            }
        }
        return judge(samples, csv);
    }

    private int judge(List<SoakSample> samples, Path csv) {
        System.out.printf("%d scenarios in %.1f minutes; samples in %s%n", rounds.get(), minutes, csv);
        System.out.printf("%-28s %9s %9s%n", "median of each half", "first", "second");
        List<SoakSample.Verdict> verdicts = SoakSample.verdicts(samples);
        verdicts.forEach(verdict -> System.out.println(verdict.text()));
        if (failure.get() != null) {
            System.out.println("FAILED: " + failure.get());
        }
        return failure.get() == null && verdicts.stream().allMatch(SoakSample.Verdict::flat) ? 0 : 1;
    }

    private List<Thread> load(WeftContender.RunningWeft server, byte[] document) {
        UpdatesLoad.Warmup warmup = new UpdatesLoad.Warmup(SHORT, 25);
        return List.of(
                repeat(
                        server,
                        session -> new UpdatesLoad(
                                        new UpdatesLoad.Options("fan-out", 1, 50, 25, 50, warmup, LONG), session)
                                .run()),
                repeat(
                        server,
                        session -> new UpdatesLoad(
                                        new UpdatesLoad.Options("rooms", 100, 1, 50, 50, warmup, LONG), session)
                                .run()),
                repeat(
                        server,
                        session -> new PresenceLoad(new PresenceLoad.Options(50, 1, 150, SHORT, LONG), session).run()),
                repeat(
                        server,
                        session -> withDocument(
                                session,
                                document,
                                room -> new JoinLoad(new JoinLoad.Options(5, 1, 2, room, document, true), session)
                                        .run())),
                repeat(
                        server,
                        session -> withDocument(
                                session,
                                document,
                                room -> new ReconnectLoad(new ReconnectLoad.Options(1, 20, room, document), session)
                                        .run())),
                repeat(
                        server,
                        session -> new IdleLoad(new IdleLoad.Options(200, 0, 100, 0, LONG, () -> {}), session).run()));
    }

    private static LoadResult withDocument(Session session, byte[] document, Function<String, LoadResult> scenario) {
        RoomClient holder = Preload.bring(session, session.room(0), document);
        try {
            return scenario.apply(session.room(0));
        } finally {
            holder.close();
        }
    }

    /** Again and again, with other clients in other rooms. */
    private Thread repeat(WeftContender.RunningWeft server, Function<Session, LoadResult> scenario) {
        Progress silent = new Progress(new java.io.PrintStream(java.io.OutputStream.nullOutputStream()));
        Target target = server.target();
        return Thread.ofPlatform().start(() -> {
            long next = System.nanoTime();
            while (!ending && failure.get() == null) {
                // A token of an hour would not last.
                Target fresh = new Target(
                        target.url(),
                        Optional.of(server.services().token()),
                        target.protocol(),
                        target.server(),
                        target.redis());
                try (Session session = Session.open(fresh, 1, 16, silent, Optional.empty())) {
                    LoadResult result = scenario.apply(session);
                    rounds.incrementAndGet();
                    result.failures().forEach(why -> fail(result.scenario() + ": " + why));
                } catch (LoadException | CompletionException e) {
                    fail(Failures.message(e));
                }
                next = Math.max(next + PERIOD, System.nanoTime());
                QuietLoad.pause(Duration.ofNanos(next - System.nanoTime()));
            }
        });
    }

    private void fail(String why) {
        failure.compareAndSet(null, why);
    }
}
