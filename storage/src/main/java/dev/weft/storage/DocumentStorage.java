package dev.weft.storage;

import dev.weft.yjs.StateVector;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * Keeps documents durably, as sets of versions whose merge is the document.
 *
 * <p>It is append-only in spirit: a version is stored, never changed, and discarded after another version that contains it was stored.
 * Several workers may store and discard versions of one document at one time, and servers load it meanwhile; nobody takes a lock. What
 * an implementation promises, and {@code DocumentStorageContract} checks:
 *
 * <ol>
 *   <li><b>Durable.</b> When {@link #store} returns, the version survives a crash of the process and of the storage's machine.
 *   <li><b>Visible at once.</b> A {@link #load} that begins after {@link #store} returned, in any process, has the version.
 *   <li><b>No hole.</b> If version B is stored before version A is discarded, every {@link #load} returns A or B or both, at whatever
 *       moment it runs.
 *   <li><b>Whole or not at all.</b> A version whose {@link #store} failed or was cut off is either absent or complete.
 *   <li><b>Exact.</b> The bytes that come back are the bytes that were given, whatever characters room and name have, and documents
 *       never mix.
 *   <li><b>Erased for good.</b> When {@link #erase} has returned, no version is there, and none comes to be until {@link #allow}: also if a
 *       {@link #store}, in whatever process, began before and ends after. What was erased never comes back, not by an {@link #allow} either.
 * </ol>
 *
 * <p>All methods block, may be called from any number of threads at one time, and are called on virtual threads. They have a time limit of
 * their own and throw {@link StorageException} when the storage cannot answer.
 */
public interface DocumentStorage extends AutoCloseable {
    /**
     * All live versions of a document, in no particular order; empty if there is none. One that is discarded while this runs may be
     * among them.
     *
     * @throws UnreadableVersionException if a version is there and cannot be read; it is never left out
     */
    List<StoredVersion> load(DocumentId document);

    /**
     * Those of the versions that are live, in no particular order. What was discarded or erased, or is unknown or of another document, is
     * left out: whoever needs the whole document and misses one begins with {@link #list} again.
     *
     * @throws UnreadableVersionException if one of the versions is there and cannot be read
     */
    List<StoredVersion> load(DocumentId document, Collection<VersionReference> references);

    /**
     * All live versions of a document without their bytes, in no particular order; the same that {@link #load(DocumentId)} would have read.
     * Costs no more for a large document than for a small one.
     */
    List<VersionInfo> list(DocumentId document);

    /**
     * Stores a new version.
     *
     * <p>Whoever stores a version in place of others does both through one instance: loads (or stores) the others, stores the new one, and
     * then discards the others. Some storages order versions by that.
     *
     * @param update update in encoding V1, of any length; the caller keeps it and does not change it during the call
     * @param stateVector the state vector of {@code update}
     * @throws DocumentErasedException if the document is erased; nothing was stored
     */
    VersionReference store(DocumentId document, byte[] update, StateVector stateVector);

    /** Deletes versions. References that are unknown, discarded already, or of another document or storage are passed over. */
    void discard(DocumentId document, Collection<VersionReference> references);

    /**
     * Deletes all versions of a document for good, and leaves a tombstone. It stands until {@link #allow}; meanwhile the document has no
     * versions, and none can be stored. May be repeated, to delete what an earlier call that failed or crashed has left.
     *
     * @return what was deleted, and since when the document is erased
     * @throws StorageException perhaps after some versions were deleted, and perhaps before the tombstone stands
     */
    Erasure erase(DocumentId document);

    /** Since when the document is erased; empty if it is not. */
    Optional<Instant> erasedAt(DocumentId document);

    /**
     * {@link #list} and {@link #erasedAt} at once. A server asks before it lets anyone into a room that it does not serve yet; so a storage that can
     * answer both with one question of its own should.
     */
    default Inventory inventory(DocumentId document) {
        return new Inventory(list(document), erasedAt(document));
    }

    /**
     * Takes the tombstone away: the document is empty, and may be stored again. Without effect on one that is not erased.
     *
     * <p>Not to be called while the same document is being erased, nor while somebody may still hold what he loaded before it was: from now on
     * he could store it. The longest that a compaction takes is time enough.
     */
    void allow(DocumentId document);

    /** Releases connections and threads. Calls under way may fail, later ones throw {@link StorageException}. Idempotent. */
    @Override
    void close();
}
