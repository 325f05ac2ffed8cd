package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.CompactionTask;
import dev.weft.room.EntryId;
import dev.weft.room.MemoryBudget;
import dev.weft.room.RoomName;
import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.room.SampleUpdates;
import dev.weft.room.WorkQueue;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.InMemoryStorage;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import dev.weft.testing.RedisRelay;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Contents;
import dev.weft.yjs.Updates;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.XAddArgs;
import io.lettuce.core.XReadArgs.StreamOffset;
import io.lettuce.core.api.sync.RedisCommands;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One room, two workers, a writer and perhaps a reader, over a real Redis and the real code of all of them. A step is a command that a worker
 * or reader sends to Redis, a call of storage, or an edit that is appended. Leases last no time, so any worker may take any task at any
 * moment: what a lost lease allows is always allowed.
 */
final class RoomModel implements Schedules.Model, AutoCloseable {
    private static final RoomName ROOM = new RoomName("room");
    static final String PREFIX = "model";
    private static final String STREAM = PREFIX + ":room:room:index";
    private static final String QUEUE = PREFIX + ":worker";
    private static final String WRITE = "edit";
    private static final String CRASH = "crash ";
    private static final int MOST_RUNS = 20;
    private static final int MOST_VERSIONS = 3;

    /** Ahead of all clocks, so that tasks have the same ids in each schedule. */
    private static final String BEFORE_TASKS = "9999999999999-0";

    private static final Pattern NOW = Pattern.compile("(?<!\\d)1\\d{12}(?![-\\d])");
    private static final Pattern ID = Pattern.compile("\\d{10,}-\\d+");

    /** Ids of the stream; of the queue with what is in them; of the tasks that were delivered. */
    private static final String DUMP = """
            local lines = {}
            for _, entry in ipairs(redis.call('XRANGE', KEYS[1], '-', '+')) do
              lines[#lines + 1] = 'entry ' .. entry[1]
            end
            for _, task in ipairs(redis.call('XRANGE', KEYS[2], '-', '+')) do
              lines[#lines + 1] = 'task ' .. task[1] .. ' ' .. table.concat(task[2], ' ')
            end
            for _, task in ipairs(redis.call('XPENDING', KEYS[2], KEYS[2], '-', '+', 100)) do
              lines[#lines + 1] = 'delivered ' .. task[1]
            end
            for _, key in ipairs(redis.call('KEYS', '*')) do
              if key ~= KEYS[1] and key ~= KEYS[2] then
                lines[#lines + 1] = 'key ' .. key
              end
            end
            return table.concat(lines, '\\n')
            """;

    /**
     * What is explored.
     *
     * @param rounds how often each worker looks for a task
     * @param edits how many edits follow the first
     * @param crashes how often a worker may die, and begin anew without memory
     * @param readers how many read the document meanwhile
     * @param old whether entries have lived long enough to be trimmed; else none has
     * @param parts whether versions are merged as those of a large document are, so that a tail may become a version of its own
     * @param founded sizes of versions that storage has from the start
     */
    record Scope(int rounds, int edits, int crashes, int readers, boolean old, boolean parts, List<Integer> founded) {}

    private final class Worker {
        final ModelActor actor;
        final WorkQueue queue;
        final Rooms rooms;
        final DocumentStorage storage;
        int rounds;

        Worker(String name) {
            actor = new ModelActor(name);
            rooms = opened(Rooms.connect(
                    settings(opened(RedisRelay.to(redis.port(), actor)).url(), lifetime)));
            queue = opened(rooms.workQueue(name));
            storage = stepwise(actor);
        }

        void beginRound() {
            rounds--;
            actor.begin(() -> work(queue, rooms, storage));
        }
    }

    private final class Reader {
        final ModelActor actor;
        final Rooms rooms;
        final DocumentStorage storage;

        Reader(String name) {
            actor = new ModelActor(name);
            rooms = opened(Rooms.connect(
                    settings(opened(RedisRelay.to(redis.port(), actor)).url(), lifetime)));
            storage = stepwise(actor);
        }

        void begin() {
            List<byte[]> before = List.copyOf(accepted);
            actor.begin(() -> {
                actor.sees(before.size() + " edits");
                Contents read = Contents.of(rooms.assemble(ROOM, storage).update());
                for (byte[] edit : before) {
                    assertThat(read.covers(edit))
                            .as("a reader has every edit that was accepted before")
                            .isTrue();
                }
            });
        }
    }

    private final Scope scope;
    private final Duration lifetime;
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final TestRedis redis;
    private final RedisCommands<String, String> commands;
    private final Rooms rooms;
    private final WorkQueue closing;
    private final List<Worker> workers = new ArrayList<>();
    private final List<Reader> readers = new ArrayList<>();

    // Of one schedule.
    private InMemoryStorage storage = new InMemoryStorage();
    private final List<byte[]> accepted = new ArrayList<>();
    private final Map<String, String> names = new HashMap<>();
    private int edits;
    private int crashes;
    private int unread;
    private int mostTasks;

    RoomModel(Scope scope) {
        this.scope = scope;
        lifetime = scope.old() ? Duration.ofHours(-1) : Duration.ofHours(1);
        // It looks often whether a blocking read has waited long enough: by default ten times a second.
        redis = opened(TestRedis.start(TestRedis.Options.inMemory().with("--hz", "500")));
        RedisClient client = RedisClient.create(redis.url());
        opened(() -> client.shutdown(0, 1, TimeUnit.SECONDS));
        commands = client.connect().sync();
        rooms = opened(Rooms.connect(settings(redis.url(), Duration.ofHours(-1))));
        closing = opened(rooms.workQueue("closing"));
        workers.add(new Worker("A"));
        workers.add(new Worker("B"));
        for (int i = 0; i < scope.readers(); i++) {
            readers.add(new Reader("reader " + i));
        }
        // Redis learns the scripts, lest the first schedule have more steps than the others.
        begin();
        settle();
    }

    /** The most tasks that the room ever had at one time. */
    int mostTasks() {
        return mostTasks;
    }

    @Override
    public void begin() {
        workers.forEach(worker -> worker.actor.crash());
        readers.forEach(reader -> reader.actor.crash());
        commands.flushall();
        commands.xadd(QUEUE, new XAddArgs().id(BEFORE_TASKS), "compact", "none");
        commands.xgroupCreate(StreamOffset.from(QUEUE, "$"), QUEUE);
        commands.xdel(QUEUE, BEFORE_TASKS);
        storage = new InMemoryStorage();
        accepted.clear();
        names.clear();
        for (int size : scope.founded()) {
            byte[] version = SampleUpdates.typed(100L + size, 0, "v".repeat(size));
            storage.store(ROOM.document(), version, Updates.stateVector(version));
            accepted.add(version);
        }
        write();
        edits = scope.edits();
        crashes = scope.crashes();
        unread = scope.readers();
        for (Worker worker : workers) {
            worker.rounds = scope.rounds();
            worker.actor.forget();
        }
        readers.forEach(reader -> reader.actor.forget());
    }

    @Override
    public List<String> choices() {
        List<String> choices = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            Worker worker = workers.get(i);
            String step = worker.actor.awaitStep();
            if (step != null || worker.rounds > 0) {
                choices.add("worker " + i);
            }
        }
        for (int i = 0; i < readers.size(); i++) {
            if (readers.get(i).actor.awaitStep() != null || unread > i) {
                choices.add("reader " + i);
            }
        }
        if (edits > 0) {
            choices.add(WRITE);
        }
        for (int i = 0; i < workers.size() && crashes > 0; i++) {
            if (workers.get(i).actor.awaitStep() != null) {
                choices.add(CRASH + i);
            }
        }
        return choices;
    }

    @Override
    public void take(String choice) {
        int number = choice.charAt(choice.length() - 1) - '0';
        if (choice.equals(WRITE)) {
            edits--;
            write();
        } else if (choice.startsWith(CRASH)) {
            crashes--;
            Worker worker = workers.get(number);
            worker.actor.crash();
            worker.actor.forget();
            worker.rounds++; // its successor does what it meant to do
        } else if (choice.startsWith("reader")) {
            Reader reader = readers.get(number);
            if (reader.actor.awaitStep() == null) {
                unread--;
                reader.begin();
            }
            reader.actor.step();
        } else {
            Worker worker = workers.get(number);
            if (worker.actor.awaitStep() == null) {
                worker.beginRound();
                worker.actor.awaitStep();
            }
            worker.actor.step();
            if (worker.actor.awaitStep() == null) {
                worker.actor.forget();
            }
        }
    }

    @Override
    public void check() {
        List<String> dump = dump();
        List<String> entries = of(dump, "entry ");
        List<byte[]> kept = new ArrayList<>();
        for (int i = 0; i < accepted.size(); i++) {
            if (entries.contains("#" + i)) {
                kept.add(accepted.get(i));
            }
        }
        storage.load(ROOM.document()).forEach(version -> kept.add(version.update()));
        assertCovers(kept, "what storage and stream hold");
        int tasks = of(dump, "task ").size();
        mostTasks = Math.max(mostTasks, tasks);
        assertThat(entries.isEmpty() || tasks > 0).as("a stream has a task").isTrue();
        assertThat(of(dump, "key ")).as("other keys").isEmpty();
    }

    @Override
    public String state() {
        StringBuilder state = new StringBuilder();
        dump().forEach(line -> state.append(line).append('\n'));
        for (StoredVersion version : storage.load(ROOM.document())) {
            state.append("version ").append(version.reference().value()).append(' ');
            state.append(Arrays.hashCode(version.update())).append('\n');
        }
        state.append(edits)
                .append(' ')
                .append(crashes)
                .append(' ')
                .append(unread)
                .append('\n');
        // Which of the two is which makes no difference.
        Collection<String> both = new TreeSet<>();
        for (Worker worker : workers) {
            String one = worker.rounds + " " + worker.actor.awaitStep() + " " + named(worker.actor.seen()) + "\n";
            both.add(both.contains(one) ? one + "twice\n" : one);
        }
        both.forEach(state::append);
        for (Reader reader : readers) {
            state.append(reader.actor.awaitStep())
                    .append(named(reader.actor.seen()))
                    .append('\n');
        }
        return state.toString();
    }

    @Override
    public void checkEnd() {
        settle();
        atRest();
        // Two workers at one time may leave two versions; the next compaction makes them one.
        write();
        settle();
        atRest();
        assertThat(storage.load(ROOM.document()))
                .as("versions in the end")
                .hasSizeBetween(1, scope.parts() ? MOST_VERSIONS : 1);
    }

    private void atRest() {
        assertThat(dump()).as("what Redis has in the end").isEmpty();
        assertCovers(
                storage.load(ROOM.document()).stream()
                        .map(StoredVersion::update)
                        .toList(),
                "storage in the end");
    }

    @Override
    public void close() {
        workers.forEach(worker -> worker.actor.crash());
        readers.forEach(reader -> reader.actor.crash());
        for (AutoCloseable one : opened.reversed()) {
            try {
                one.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Undisturbed, all of it reaches storage. */
    private void settle() {
        for (int runs = 0; closing.length() > 0; runs++) {
            assertThat(runs).as("compactions until the room is at rest").isLessThan(MOST_RUNS);
            work(closing, rooms, storage);
        }
    }

    private void work(WorkQueue queue, Rooms rooms, DocumentStorage storage) {
        List<EntryId> taken = queue.take(10, Duration.ofMillis(1));
        List<CompactionTask> tasks = taken.isEmpty() ? queue.claimOverdue(10) : queue.claim(taken);
        CompactionOptions options = new CompactionOptions(
                GarbagePolicy.EVERYWHERE,
                new VersionPolicy(MOST_VERSIONS, scope.parts() ? 0 : 64 << 10, Duration.ofDays(1)),
                Patience.NONE);
        Compaction compaction =
                new Compaction(rooms, queue, storage, options, new MemoryBudget(1 << 30), new Compaction.Observer() {});
        tasks.forEach(compaction::run);
    }

    /** Each third edit comes before its predecessor does. */
    private void write() {
        int number = accepted.size();
        int pair = (number - scope.founded().size()) / 2;
        boolean first = (number - scope.founded().size()) % 2 == 0;
        byte[] edit = pair % 2 == 0
                ? SampleUpdates.typed(1, number, "x")
                : SampleUpdates.typed(2L + pair, first ? 1 : 0, "y");
        EntryId id = rooms.append(ROOM, edit)
                .toCompletableFuture()
                .orTimeout(5, TimeUnit.SECONDS)
                .join();
        names.put(id.toString(), "#" + number);
        accepted.add(edit);
    }

    private void assertCovers(List<byte[]> kept, String what) {
        Contents contents = kept.isEmpty() ? Contents.empty() : Contents.of(Updates.merge(kept));
        for (int i = 0; i < accepted.size(); i++) {
            assertThat(contents.covers(accepted.get(i)))
                    .as("edit %d is in %s", i, what)
                    .isTrue();
        }
    }

    private List<String> dump() {
        String dump = commands.eval(DUMP, ScriptOutputType.VALUE, STREAM, QUEUE);
        return dump.isEmpty() ? List.of() : Arrays.asList(named(dump).split("\n"));
    }

    private static List<String> of(List<String> dump, String kind) {
        return dump.stream()
                .filter(line -> line.startsWith(kind))
                .map(line -> line.substring(kind.length()))
                .toList();
    }

    /** Ids of entries hold the time; in their place stands which edit it is. Redis's time itself decides nothing here. */
    private String named(String text) {
        String withoutIds =
                ID.matcher(text).replaceAll(id -> Matcher.quoteReplacement(names.getOrDefault(id.group(), id.group())));
        return NOW.matcher(withoutIds).replaceAll("now");
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private static RoomSettings settings(String url, Duration lifetime) {
        return new RoomSettings(RedisURI.create(url), PREFIX, lifetime, Duration.ZERO);
    }

    /** The storage of this schedule, each call of which is a step. */
    private DocumentStorage stepwise(ModelActor actor) {
        return (DocumentStorage) Proxy.newProxyInstance(
                DocumentStorage.class.getClassLoader(),
                new Class<?>[] {DocumentStorage.class},
                (proxy, method, arguments) -> {
                    actor.before(method.getName());
                    try {
                        Object result = method.invoke(storage, arguments);
                        actor.sees(references(result));
                        return result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static String references(Object result) {
        return switch (result) {
            case null -> "";
            case List<?> list ->
                list.stream().map(RoomModel::references).toList().toString();
            case StoredVersion version -> references(version.reference());
            case VersionInfo info -> references(info.reference());
            case Optional<?> perhaps -> perhaps.isPresent() ? "yes" : "no";
            case VersionReference reference -> reference.value();
            default -> throw new AssertionError("what does an actor learn from " + result + "?");
        };
    }
}
