package dev.weft.room;

import io.lettuce.core.Limit;
import io.lettuce.core.Range;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.StreamMessage;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads rooms' streams. Thread-safe; never blocks. */
final class StreamReader {
    /** How many entries the first page of a reading asks for. */
    static final int FIRST_COUNT = 32;

    private static final int MAX_COUNT = 2048;
    private static final int PAGE_BYTES = 4 << 20;
    private static final byte[] NOTHING = {};

    private final CommandConnection connection;
    private final Script position = new Script("position", ScriptOutputType.VALUE);

    StreamReader(CommandConnection connection) {
        this.connection = connection;
    }

    /**
     * An entry.
     *
     * @param message what field {@code m} holds; empty if there is no such field
     */
    record Entry(EntryId id, byte[] message) {}

    /**
     * Consecutive entries.
     *
     * @param atEnd whether these were all that there were
     * @param nextCount how many entries to ask for next, so that a page stays within a few megabytes
     */
    record Page(List<Entry> entries, boolean atEnd, int nextCount) {}

    /** Up to {@code count} entries after {@code after}. */
    CompletionStage<Page> page(String stream, EntryId after, int count) {
        try {
            return connection
                    .commands()
                    .xrange(
                            stream,
                            Range.from(Range.Boundary.excluding(after.toString()), Range.Boundary.unbounded()),
                            Limit.from(count))
                    .thenApply(messages -> page(messages, count));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The id of the stream's last entry; {@link EntryId#ZERO} if it has none or does not exist. */
    CompletionStage<EntryId> position(String stream) {
        try {
            return position(connection.commands(), stream);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** The same, asked on another connection. */
    CompletionStage<EntryId> position(RedisAsyncCommands<String, byte[]> redis, String stream) {
        return position.<byte[]>call(redis, new String[] {stream})
                .thenApply(
                        id -> id == null ? EntryId.ZERO : EntryId.parse(new String(id, StandardCharsets.ISO_8859_1)));
    }

    private static Page page(List<StreamMessage<String, byte[]>> messages, int count) {
        List<Entry> entries = new ArrayList<>(messages.size());
        long bytes = 0;
        for (StreamMessage<String, byte[]> message : messages) {
            byte[] m = message.getBody().getOrDefault("m", NOTHING);
            bytes += m.length;
            entries.add(new Entry(EntryId.parse(message.getId()), m));
        }
        return new Page(entries, messages.size() < count, nextCount(count, messages.size(), bytes));
    }

    /** As many as fit by the size of those seen; grows slowly, because the next ones may be larger. */
    static int nextCount(int count, int entries, long bytes) {
        long mean = entries == 0 ? 1 : Math.max(1, bytes / entries);
        return (int) Math.clamp(PAGE_BYTES / mean, 1, Math.min(MAX_COUNT, 4L * count));
    }
}
