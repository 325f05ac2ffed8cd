package dev.weft.room;

import dev.weft.room.StreamReader.Entry;
import dev.weft.room.StreamReader.Page;
import dev.weft.storage.DocumentStorage;
import dev.weft.storage.StorageException;
import dev.weft.storage.StoredVersion;
import dev.weft.storage.VersionReference;
import dev.weft.yjs.MalformedException;
import dev.weft.yjs.Message;
import dev.weft.yjs.Updates;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts documents together: reads a room's stream <b>first</b>, then storage. What a worker trimmed before the stream was read had been stored
 * before it was trimmed, so the later reading of storage has it. The other way round, an entry stored and trimmed between the two would be
 * in neither.
 *
 * <p>So many documents at once, because each is in memory twice while it is merged.
 */
final class DocumentAssembler {
    private static final Logger LOG = LoggerFactory.getLogger(DocumentAssembler.class);
    private static final int AT_ONCE = 8;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SMALL = 16 << 10;

    private final StreamReader reader;
    private final RoomKeys keys;
    private final MergePool merges;
    private final Duration limit;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final LongAdder malformed = new LongAdder();
    private final OncePerRoom complaints = new OncePerRoom();

    DocumentAssembler(StreamReader reader, RoomKeys keys, MergePool merges, Duration limit) {
        this.reader = reader;
        this.keys = keys;
        this.merges = merges;
        this.limit = limit;
    }

    /** For a join: malformed entries are left out. */
    AssembledDocument forReading(RoomName room, DocumentStorage storage) {
        return assemble(room, storage, Updates::merge, (id, e) -> {
                    malformed.increment();
                    if (complaints.isFirst(room.value())) {
                        LOG.warn(
                                "entry {} of room '{}' is malformed and left out ({}); said once for this room",
                                id,
                                room.value(),
                                e.getMessage());
                    }
                })
                .document();
    }

    /** For storing: throws {@link MalformedEntryException} rather than leave an entry out. */
    Compactable forStoring(RoomName room, DocumentStorage storage, boolean collect) {
        return assemble(room, storage, collect ? Updates::compact : Updates::merge, (id, e) -> {
            malformed.increment();
            throw new MalformedEntryException(room, id, e);
        });
    }

    long malformedEntries() {
        return malformed.sum();
    }

    private interface Complaint {
        void about(EntryId id, MalformedException e);
    }

    /** Makes one update of several. */
    private interface Merging {
        byte[] merge(List<byte[]> updates);
    }

    private Compactable assemble(RoomName room, DocumentStorage storage, Merging merging, Complaint complaint) {
        takeTurn();
        try {
            List<byte[]> updates = new ArrayList<>();
            EntryId upTo = readStream(room, updates, complaint);
            int entries = updates.size();
            List<StoredVersion> versions = storage.load(room.document());
            versions.forEach(version -> updates.add(version.update()));
            byte[] merged = merge(room, updates, merging);
            List<VersionReference> references =
                    versions.stream().map(StoredVersion::reference).toList();
            return new Compactable(
                    new AssembledDocument(merged, upTo, references, entries), identical(versions, merged));
        } finally {
            turns.release();
        }
    }

    private EntryId readStream(RoomName room, List<byte[]> updates, Complaint complaint) {
        String stream = keys.stream(room);
        EntryId upTo = EntryId.ZERO;
        int count = StreamReader.FIRST_COUNT;
        Page page;
        do {
            page = Replies.await(reader.page(stream, upTo, count), limit);
            for (Entry entry : page.entries()) {
                upTo = entry.id();
                try {
                    updateIn(entry.message()).ifPresent(updates::add);
                } catch (MalformedException e) {
                    complaint.about(entry.id(), e);
                }
            }
            count = page.nextCount();
        } while (!page.atEnd());
        return upTo;
    }

    /** Empty for what older implementations kept in streams besides updates: presence. */
    private static Optional<byte[]> updateIn(byte[] message) {
        return switch (Message.decode(message)) {
            case Message.Update update -> Optional.of(update.update());
            case Message.SyncStep2 step2 -> Optional.of(step2.update());
            case Message.Awareness awareness -> Optional.empty();
            case Message.QueryAwareness query -> Optional.empty();
            case Message.SyncStep1 step1 -> throw new MalformedException(0, "a sync step 1 in a stream");
            case Message.PermissionDenied denied -> throw new MalformedException(0, "a refusal in a stream");
        };
    }

    private byte[] merge(RoomName room, List<byte[]> updates, Merging merging) {
        if (updates.isEmpty()) {
            return Updates.empty();
        }
        long bytes = 0;
        for (byte[] update : updates) {
            bytes += update.length;
        }
        try {
            return bytes < SMALL ? merging.merge(updates) : merges.run(() -> merging.merge(updates));
        } catch (MalformedException e) {
            // The entries of the stream were checked one by one.
            throw new StorageException(
                    "a stored version of room '" + room.value() + "' is malformed: " + e.getMessage(), e);
        }
    }

    /**
     * Only a version that is alone. Of several equal ones, two workers at one time could each keep another and discard the rest, and leave
     * none.
     */
    private static Optional<VersionReference> identical(List<StoredVersion> versions, byte[] merged) {
        return versions.size() == 1 && Arrays.equals(versions.getFirst().update(), merged)
                ? Optional.of(versions.getFirst().reference())
                : Optional.empty();
    }

    private void takeTurn() {
        try {
            if (!turns.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new RedisUnavailableException("too many documents are being put together; this one waited "
                        + PATIENCE.toSeconds() + " s for its turn");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisUnavailableException("interrupted while waiting to put a document together", e);
        }
    }
}
