package dev.weft.worker;

import dev.weft.room.MalformedEntryException;
import dev.weft.room.RedisUnavailableException;
import dev.weft.room.RoomName;
import dev.weft.storage.StorageException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once for each room why its compaction fails, and that it works again. Remembers the last thousands of rooms. Thread-safe. */
final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);
    private static final int REMEMBERED = 5000;

    // Guarded by this.
    private final Map<RoomName, String> reasons = new LinkedHashMap<>();

    void failed(RoomName room, Throwable failure) {
        String reason = String.valueOf(failure.getMessage());
        synchronized (this) {
            if (reason.equals(reasons.put(room, reason))) {
                return;
            }
            if (reasons.size() > REMEMBERED) {
                reasons.remove(reasons.keySet().iterator().next());
            }
        }
        boolean expected = failure instanceof StorageException
                || failure instanceof RedisUnavailableException
                || failure instanceof MalformedEntryException;
        LOG.warn(
                "room '{}' could not be compacted and will be tried again; nothing of it is lost or trimmed: {}",
                room.value(),
                reason,
                expected ? null : failure);
    }

    void over(RoomName room) {
        boolean failedBefore;
        synchronized (this) {
            failedBefore = reasons.remove(room) != null;
        }
        if (failedBefore) {
            LOG.info("room '{}' is compacted again", room.value());
        }
    }
}
