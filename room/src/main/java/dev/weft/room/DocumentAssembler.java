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
    /** Of these only the stream is in memory. */
    private static final int OUTLINES_AT_ONCE = 64;

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int SMALL = 16 << 10;

    private final StreamReader reader;
    private final RoomKeys keys;
    private final MergePool merges;
    private final Duration limit;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);
    private final Semaphore outlines = new Semaphore(OUTLINES_AT_ONCE, true);
    private final LongAdder malformed = new LongAdder();
    private final OncePerRoom complaints = new OncePerRoom();

    DocumentAssembler(StreamReader reader, RoomKeys keys, MergePool merges, Duration limit) {
        this.reader = reader;
        this.keys = keys;
        this.merges = merges;
        this.limit = limit;
    }

    /** The whole document: malformed entries are left out. */
    AssembledDocument forReading(RoomName room, DocumentStorage storage) {
        takeTurn(turns);
        try {
            StreamTail stream = read(room, EntryId.ZERO, this::leaveOut);
            List<StoredVersion> versions = storage.load(room.document());
            List<byte[]> updates = new ArrayList<>(stream.updates());
            versions.forEach(version -> updates.add(version.update()));
            List<VersionReference> references =
                    versions.stream().map(StoredVersion::reference).toList();
            return new AssembledDocument(
                    merge(room, updates),
                    stream.upTo(),
                    references,
                    stream.updates().size());
        } finally {
            turns.release();
        }
    }

    /** For a join, which loads of the versions what the client lacks: malformed entries are left out. */
    RoomOutline outline(RoomName room, DocumentStorage storage) {
        takeTurn(outlines);
        try {
            StreamTail stream = read(room, EntryId.ZERO, this::leaveOut);
            return new RoomOutline(stream, storage.list(room.document()));
        } finally {
            outlines.release();
        }
    }

    /** For storing: throws {@link MalformedEntryException} rather than leave an entry out. */
    StreamTail forStoring(RoomName room, EntryId after) {
        return read(room, after, (of, id, e) -> {
            malformed.increment();
            throw new MalformedEntryException(of, id, e);
        });
    }

    long malformedEntries() {
        return malformed.sum();
    }

    private interface Complaint {
        void about(RoomName room, EntryId id, MalformedException e);
    }

    private void leaveOut(RoomName room, EntryId id, MalformedException e) {
        malformed.increment();
        if (complaints.isFirst(room.value())) {
            LOG.warn(
                    "entry {} of room '{}' is malformed and left out ({}); said once for this room",
                    id,
                    room.value(),
                    e.getMessage());
        }
    }

    private StreamTail read(RoomName room, EntryId after, Complaint complaint) {
        String stream = keys.stream(room);
        Gathered gathered = new Gathered(after);
        int count = StreamReader.FIRST_COUNT;
        Page page;
        do {
            page = Replies.await(reader.page(stream, gathered.upTo, count), limit);
            gathered.add(room, page.entries(), complaint);
            count = page.nextCount();
        } while (!page.atEnd());
        return gathered.tail();
    }

    /** The updates of entries that were read: malformed ones are left out. Does not block. */
    StreamTail tail(RoomName room, List<Entry> entries) {
        Gathered gathered = new Gathered(EntryId.ZERO);
        gathered.add(room, entries, this::leaveOut);
        return gathered.tail();
    }

    /** What was read so far. */
    private static final class Gathered {
        private final List<byte[]> updates = new ArrayList<>();
        private long bytes;
        private EntryId upTo;

        private Gathered(EntryId after) {
            upTo = after;
        }

        private void add(RoomName room, List<Entry> entries, Complaint complaint) {
            for (Entry entry : entries) {
                upTo = entry.id();
                try {
                    Optional<byte[]> update = updateIn(entry.message());
                    update.ifPresent(updates::add);
                    bytes += update.map(array -> array.length).orElse(0);
                } catch (MalformedException e) {
                    complaint.about(room, entry.id(), e);
                }
            }
        }

        private StreamTail tail() {
            return new StreamTail(updates, upTo, bytes);
        }
    }

    /** Empty for what older implementations kept in streams besides updates: presence. */
    static Optional<byte[]> updateIn(byte[] message) {
        return switch (Message.decode(message)) {
            case Message.Update update -> Optional.of(update.update());
            case Message.SyncStep2 step2 -> Optional.of(step2.update());
            case Message.Awareness awareness -> Optional.empty();
            case Message.QueryAwareness query -> Optional.empty();
            case Message.SyncStep1 step1 -> throw new MalformedException(0, "a sync step 1 in a stream");
            case Message.PermissionDenied denied -> throw new MalformedException(0, "a refusal in a stream");
        };
    }

    private byte[] merge(RoomName room, List<byte[]> updates) {
        if (updates.isEmpty()) {
            return Updates.empty();
        }
        long bytes = 0;
        for (byte[] update : updates) {
            bytes += update.length;
        }
        try {
            return bytes < SMALL ? Updates.merge(updates) : merges.run(() -> Updates.merge(updates));
        } catch (MalformedException e) {
            // The entries of the stream were checked one by one.
            throw new StorageException(
                    "a stored version of room '" + room.value() + "' is malformed: " + e.getMessage(), e);
        }
    }

    private static void takeTurn(Semaphore turns) {
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
