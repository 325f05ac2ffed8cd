package dev.weft.worker;

import dev.weft.room.MalformedEntryException;
import dev.weft.room.RedisUnavailableException;
import dev.weft.room.RoomName;
import dev.weft.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts why and how often compactions of a room fail, and says so once for each reason.
 *
 * <p>A failure counts against the room if it is the room's own (a malformed entry or version, a document that does not fit into memory, a
 * fault of ours), or if other rooms were stored since this one failed before: then it is not Redis or storage that is away for all.
 *
 * <p>Remembers the last thousands of rooms, in this process alone. Thread-safe.
 */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final int REMEMBERED = 5000;

    // Both guarded by this.
    private final Map<RoomName, Tally> tallies = new LinkedHashMap<>();
    private long storedRooms;

    /**
     * What is known of a room.
     *
     * @param attempts how often it failed in turn
     * @param counted how many of these count against it
     * @param reason why it failed last
     * @param storedRooms how many rooms had been stored then
     */
    record Tally(int attempts, int counted, String reason, long storedRooms) {}

    /** Notes a failure. */
    Tally failed(RoomName room, Throwable failure) {
        String reason = failure.getMessage() == null ? failure.toString() : failure.getMessage();
        Tally tally;
        boolean isNew;
        synchronized (this) {
            @Nullable Tally before = tallies.remove(room);
            boolean counts = isOwn(failure) || (before != null && storedRooms > before.storedRooms());
            tally = new Tally(
                    1 + (before == null ? 0 : before.attempts()),
                    (counts ? 1 : 0) + (before == null ? 0 : before.counted()),
                    reason,
                    storedRooms);
            isNew = before == null || !before.reason().equals(reason);
            tallies.put(room, tally);
            if (tallies.size() > REMEMBERED) {
                tallies.remove(tallies.keySet().iterator().next());
            }
        }
        if (isNew) {
            boolean expected = !isOwn(failure) || failure instanceof MalformedEntryException;
            LOG.warn(
                    "room '{}' could not be compacted and will be tried again; nothing of it is lost or trimmed: {}",
                    room.value(),
                    reason,
                    expected ? null : failure);
        }
        return tally;
    }

    /** Notes that a room was compacted. */
    void over(RoomName room, boolean stored) {
        boolean failedBefore;
        synchronized (this) {
            failedBefore = tallies.remove(room) != null;
            storedRooms += stored ? 1 : 0;
        }
        if (failedBefore) {
            LOG.info("room '{}' is compacted again", room.value());
        }
    }

    /** Forgets a room that was set aside. */
    synchronized void forget(RoomName room) {
        tallies.remove(room);
    }

    private static boolean isOwn(Throwable failure) {
        boolean fromOutside = failure instanceof StorageException
                || failure instanceof RedisUnavailableException
                || failure instanceof RejectedExecutionException;
        return !fromOutside;
    }
}
