package dev.weft.room;

import dev.weft.storage.DocumentStorage;
import dev.weft.yjs.Message;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Gives empty rooms their first content, each once, however many processes want to at one time.
 *
 * <p>The one who has the room's key in Redis asks the source. It has looked at the room once more since it took the key, and its append is
 * carried out only if it has the key still and the stream does not exist. So whoever else seeded the room did so before that look, which
 * then found it, or has not got the key. The key expires, in case that its owner dies: the source is then asked again.
 */
final class Seeding {
    private static final Duration POLL = Duration.ofMillis(50);
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private final CommandConnection connection;
    private final RoomKeys keys;
    private final StreamReader reader;
    private final DocumentAssembler assembler;
    private final Script append;
    private final byte[] largestPublished;
    private final Duration limit;
    private final Script yield = new Script("yield", ScriptOutputType.INTEGER);

    Seeding(
            CommandConnection connection,
            RoomKeys keys,
            StreamReader reader,
            DocumentAssembler assembler,
            Script append,
            byte[] largestPublished,
            Duration limit) {
        this.connection = connection;
        this.keys = keys;
        this.reader = reader;
        this.assembler = assembler;
        this.append = append;
        this.largestPublished = largestPublished;
        this.limit = limit;
    }

    /** See {@link Rooms#seed}. */
    boolean seed(RoomName room, DocumentStorage storage, SeedSource source, Duration patience) {
        byte[] owner = text(UUID.randomUUID().toString());
        long deadline = System.nanoTime() + 2 * patience.plus(MARGIN).toNanos();
        while (!take(room, owner, patience.plus(MARGIN))) {
            if (!isStreamEmpty(room)) {
                return false;
            }
            if (System.nanoTime() - deadline > 0) {
                throw new RedisUnavailableException(
                        "another process seeds room '" + room.value() + "' and does not come to an end");
            }
            pause();
        }
        try {
            return assembler.forReading(room, storage).isEmpty()
                    && source.seed(room)
                            .filter(update -> append(room, owner, update))
                            .isPresent();
        } finally {
            Replies.forget(yield.call(connection.commands(), new String[] {keys.seeding(room)}, owner)
                    .toCompletableFuture());
        }
    }

    private boolean take(RoomName room, byte[] owner, Duration lease) {
        SetArgs onlyIfFree = SetArgs.Builder.nx().px(lease);
        return Replies.await(connection.commands().set(keys.seeding(room), owner, onlyIfFree), limit) != null;
    }

    private boolean append(RoomName room, byte[] owner, byte[] update) {
        String[] scriptKeys = {keys.stream(room), keys.worker(), keys.erased(room), keys.seeding(room)};
        byte[] message = new Message.Update(update).encode();
        Optional<byte[]> id = Replies.await(
                append.<byte[]>call(connection.commands(), scriptKeys, message, largestPublished, owner)
                        .thenApply(Optional::ofNullable),
                limit);
        return id.isPresent();
    }

    private boolean isStreamEmpty(RoomName room) {
        return Replies.await(reader.position(keys.stream(room)), limit).equals(EntryId.ZERO);
    }

    private static void pause() {
        try {
            Thread.sleep(POLL);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("interrupted while another process seeded the room", e);
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
