package dev.weft.room;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.weft.yjs.MalformedException;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Rooms that cannot be compacted and were set aside: the hash {@code <prefix>:quarantine}, of which a field is the key of a room's stream and
 * its value says why, as JSON. Their streams stay, grow, and are not trimmed; people go on in them. They have no task in the queue, and are
 * given none until they are {@linkplain #retry queued again}.
 *
 * <p>All methods block, and throw {@link RedisUnavailableException}. Thread-safe.
 */
public final class Quarantine {
    private static final ObjectMapper JSON = JsonMapper.builder().build();

    private final RoomKeys keys;
    private final CommandConnection commands;
    private final StreamReader reader;
    private final Duration limit;
    private final Script quarantine = new Script("quarantine", ScriptOutputType.INTEGER);
    private final Script requeue = new Script("requeue", ScriptOutputType.INTEGER);

    Quarantine(RoomKeys keys, CommandConnection commands, StreamReader reader, Duration limit) {
        this.keys = keys;
        this.commands = commands;
        this.reader = reader;
        this.limit = limit;
    }

    /**
     * Sets a task's room aside, in one step with the end of the task.
     *
     * @return false if another worker has ended the task, or the stream is no more: then nothing is set aside
     */
    public boolean add(CompactionTask task, long attempts, String reason) {
        String json = JSON.createObjectNode()
                .put("room", task.room().value())
                .put("since", Instant.now().toString())
                .put("attempts", attempts)
                .put("reason", reason)
                .put("stored", task.stored().toString())
                .toString();
        Long added = Replies.await(
                quarantine.call(
                        commands.commands(),
                        keysOf(task.room()),
                        text(keys.worker()),
                        text(task.id().toString()),
                        text(json)),
                limit);
        return added == 1;
    }

    /** All of them, by when they were set aside. */
    public List<SetAside> list() {
        Map<String, byte[]> all = Replies.await(commands.commands().hgetall(keys.quarantine()), limit);
        List<SetAside> rooms = new ArrayList<>();
        all.forEach((stream, json) -> keys.roomOf(stream).ifPresent(room -> rooms.add(parse(room, json))));
        rooms.sort(Comparator.comparing(SetAside::since));
        return rooms;
    }

    /** Empty if the room is not in quarantine. */
    public Optional<SetAside> find(RoomName room) {
        byte[] json = Replies.await(commands.commands().hget(keys.quarantine(), keys.stream(room)), limit);
        return Optional.ofNullable(json).map(value -> parse(room, value));
    }

    /** How many rooms there are. */
    public long size() {
        return Replies.await(commands.commands().hlen(keys.quarantine()), limit);
    }

    /** Queues a room again. Returns whether it was in quarantine. */
    public boolean retry(RoomName room) {
        return requeue(room, List.of()) >= 0;
    }

    /**
     * Drops entries from the stream of a room, and queues it again. They are lost, unless the caller has kept them.
     *
     * @return how many were dropped; nothing was done if it is negative, because the room was not in quarantine
     */
    public long release(RoomName room, List<EntryId> malformed) {
        return requeue(room, malformed);
    }

    /** Gives every entry of a room's stream, in order, with some megabytes in memory at one time. */
    public void readEntries(RoomName room, Consumer<RawEntry> receiver) {
        EntryId after = EntryId.ZERO;
        int count = StreamReader.FIRST_COUNT;
        StreamReader.Page page;
        do {
            page = Replies.await(reader.page(keys.stream(room), after, count), limit);
            for (StreamReader.Entry entry : page.entries()) {
                after = entry.id();
                receiver.accept(new RawEntry(entry.id(), entry.message(), fault(entry.message())));
            }
            count = page.nextCount();
        } while (!page.atEnd());
    }

    private static Optional<String> fault(byte[] message) {
        try {
            DocumentAssembler.updateIn(message);
            return Optional.empty();
        } catch (MalformedException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    private long requeue(RoomName room, List<EntryId> dropped) {
        List<byte[]> values = new ArrayList<>();
        values.add(text(find(room).map(SetAside::stored).orElse(EntryId.ZERO).toString()));
        dropped.forEach(id -> values.add(text(id.toString())));
        return Replies.await(
                requeue.<Long>call(commands.commands(), keysOf(room), values.toArray(byte[][]::new)), limit);
    }

    private String[] keysOf(RoomName room) {
        return new String[] {keys.stream(room), keys.worker(), keys.quarantine()};
    }

    /** Understands what others wrote by hand as far as it can: what lies there must not stop anyone. */
    private static SetAside parse(RoomName room, byte[] json) {
        JsonNode node;
        try {
            node = JSON.readTree(new String(json, StandardCharsets.UTF_8));
        } catch (JsonProcessingException e) {
            node = JSON.createObjectNode();
        }
        return new SetAside(
                room,
                orElse(Instant.EPOCH, node.path("since").asText(), Instant::parse),
                node.path("attempts").asLong(),
                node.path("reason").asText(),
                orElse(EntryId.ZERO, node.path("stored").asText(), EntryId::parse));
    }

    private static <T> T orElse(T other, String text, Function<String, T> parser) {
        try {
            return parser.apply(text);
        } catch (RuntimeException e) { // each parser has its own
            return other;
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
