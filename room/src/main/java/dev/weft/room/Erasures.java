package dev.weft.room;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

/**
 * Rooms that are deleted for good. That a document was erased is what storage remembers; Redis refuses appends for a while, to those who came
 * in before and have not heard of it.
 */
final class Erasures {
    private static final String REFUSAL = "ERASED";

    /** Longer than any connection should last that has not heard of it. */
    private static final byte[] REFUSED_MILLIS =
            Long.toString(Duration.ofDays(1).toMillis()).getBytes(StandardCharsets.ISO_8859_1);

    private final CommandConnection writes;
    private final CommandConnection reads;
    private final RoomKeys keys;
    private final Script erase = new Script("erase", ScriptOutputType.MULTI);

    Erasures(CommandConnection writes, CommandConnection reads, RoomKeys keys) {
        this.writes = writes;
        this.reads = reads;
        this.keys = keys;
    }

    CompletionStage<ErasedRoom> erase(RoomName room) {
        String[] scriptKeys = {
            keys.stream(room), keys.presence(room), keys.erased(room), keys.seeding(room), keys.quarantine()
        };
        return erase.<List<Object>>call(writes.commands(), scriptKeys, REFUSED_MILLIS)
                .thenApply(deleted -> new ErasedRoom((Long) deleted.get(0), (Long) deleted.get(1)));
    }

    CompletionStage<Long> allow(RoomName room) {
        return writes.commands().del(keys.erased(room));
    }

    CompletionStage<Boolean> wasErased(RoomName room) {
        try {
            return reads.commands().exists(keys.erased(room)).thenApply(count -> count > 0);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    /** What an append failed with, as a {@link RoomErasedException} if that was the reason. */
    static Throwable refusal(Throwable failure) {
        Throwable inner = failure.getCause();
        Throwable cause = failure instanceof CompletionException && inner != null ? inner : failure;
        boolean erased = cause instanceof RedisCommandExecutionException
                && Replies.rootMessage(cause).startsWith(REFUSAL);
        return erased ? new RoomErasedException() : cause;
    }
}
