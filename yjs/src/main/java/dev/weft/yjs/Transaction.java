package dev.weft.yjs;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A group of changes to a {@link YDoc}: observers are called once for all of them, and one update tells them. It belongs to the
 * document's thread, and may be asked until its last observer has returned.
 */
public final class Transaction {
    private final YDoc doc;
    private final @Nullable Object origin;
    private boolean local;
    private final List<Touch> touches = new ArrayList<>(1);
    /** Those of {@link #touches} that delete something, in the order of their first deletions. */
    private final List<Touch> deletions = new ArrayList<>(1);

    private final Map<YType, Set<@Nullable String>> changed = new LinkedHashMap<>();
    private final List<Item> toMerge = new ArrayList<>(0);
    private final Set<YDoc> subdocumentsAdded = new LinkedHashSet<>(0);
    private final Set<YDoc> subdocumentsRemoved = new LinkedHashSet<>(0);
    private final Set<YDoc> subdocumentsLoaded = new LinkedHashSet<>(0);
    private final Set<Snapshot> splitFor = new LinkedHashSet<>(0);
    private boolean needsFormattingCleanup;
    private boolean observed;

    Transaction(YDoc doc, @Nullable Object origin, boolean local) {
        this.doc = doc;
        this.origin = origin;
        this.local = local;
    }

    /** The document that is changed. */
    public YDoc doc() {
        return doc;
    }

    /** What {@link YDoc#transact} or {@link YDoc#applyUpdate} was given, so that observers know their own changes. */
    public @Nullable Object origin() {
        return origin;
    }

    /** Whether the changes were made here, and did not come as an update. */
    public boolean isLocal() {
        return local;
    }

    /** The types that changed, those that are new left out. Unmodifiable; filled while the transaction runs. */
    public Set<YType> changedTypes() {
        return Collections.unmodifiableSet(changed.keySet());
    }

    void becomeRemote() {
        local = false;
    }

    ClientStructs ownStructs() {
        return doc.store().getOrCreate(doc.clientId());
    }

    Conflicts conflicts() {
        return doc.conflicts();
    }

    /** Remembers the state of a client before anything is done to it. */
    Touch touch(ClientStructs owner) {
        Touch latest = owner.touch;
        return latest != null && latest.transaction == this ? latest : doc.touch(owner, this);
    }

    /** Makes a new entry for a client. */
    Touch begin(ClientStructs owner, @Nullable Touch earlier) {
        Touch touch = new Touch(this, owner, earlier);
        touches.add(touch);
        owner.touch = touch;
        return touch;
    }

    List<Touch> touches() {
        return touches;
    }

    List<Touch> deletions() {
        return deletions;
    }

    @Nullable
    Touch touchOf(ClientStructs owner) {
        for (Touch touch = owner.touch; touch != null; touch = touch.earlier) {
            if (touch.transaction == this) {
                return touch;
            }
        }
        return null;
    }

    /** The state of a client before this transaction. */
    long before(ClientStructs owner) {
        Touch touch = touchOf(owner);
        return touch == null ? owner.state() : touch.before;
    }

    /** Whether this transaction brought a struct. */
    boolean adds(Struct struct) {
        return struct.clock >= before(struct.owner);
    }

    /** Whether this transaction deleted a struct; to be asked after it has ended. */
    boolean deletes(Struct struct) {
        Touch touch = touchOf(struct.owner);
        return touch != null && touch.deletes(struct.clock);
    }

    void deleted(Struct struct) {
        Touch touch = touch(struct.owner);
        if (!touch.hasDeletions()) {
            deletions.add(touch);
        }
        touch.delete(struct.clock, struct.end());
    }

    /** Whether its observers are being called. */
    boolean isObserved() {
        return observed;
    }

    void end() {
        observed = true;
        for (Touch touch : touches) {
            touch.after = touch.owner.state();
            touch.sortDeletions();
        }
    }

    /** Lets go of the clients. */
    void finish() {
        observed = false;
        for (Touch touch : touches) {
            if (touch.owner.touch == touch) {
                touch.owner.touch = null;
            }
        }
    }

    /** Remembers that a type changed, unless it is new itself or deleted. */
    void changed(YType type, @Nullable String key) {
        Item item = type.item;
        if (item == null || (!item.isDeleted() && item.clock < before(item.owner))) {
            changed.computeIfAbsent(type, absent -> new LinkedHashSet<>(2)).add(key);
        }
    }

    /** A type that was deleted: nobody wants to hear of its changes. */
    void unchanged(YType type) {
        changed.remove(type);
    }

    Map<YType, Set<@Nullable String>> changed() {
        return changed;
    }

    /** Remembers an item that may be joined to a neighbour again when the transaction has ended. */
    void mergeLater(Item item) {
        toMerge.add(item);
    }

    List<Item> toMerge() {
        return toMerge;
    }

    void subdocumentAdded(YDoc subdocument) {
        subdocumentsAdded.add(subdocument);
        if (subdocument.shouldLoad()) {
            subdocumentsLoaded.add(subdocument);
        }
    }

    void subdocumentReplaced(YDoc old, @Nullable YDoc replacement) {
        if (replacement != null) {
            subdocumentsAdded.add(replacement);
        }
        subdocumentsRemoved.add(old);
    }

    void subdocumentLoaded(YDoc subdocument) {
        subdocumentsLoaded.add(subdocument);
    }

    void subdocumentRemoved(YDoc subdocument) {
        if (!subdocumentsAdded.remove(subdocument)) {
            subdocumentsRemoved.add(subdocument);
        }
    }

    Set<YDoc> subdocumentsAdded() {
        return subdocumentsAdded;
    }

    Set<YDoc> subdocumentsRemoved() {
        return subdocumentsRemoved;
    }

    Set<YDoc> subdocumentsLoaded() {
        return subdocumentsLoaded;
    }

    /** Cuts items where a snapshot ends and where its deletions begin and end, once. */
    void splitFor(Snapshot snapshot) {
        if (splitFor.add(snapshot)) {
            snapshot.split(this);
        }
    }

    void needFormattingCleanup() {
        needsFormattingCleanup = true;
    }

    boolean needsFormattingCleanup() {
        return needsFormattingCleanup;
    }
}
