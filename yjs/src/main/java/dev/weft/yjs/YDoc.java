package dev.weft.yjs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A document that several people edit at the same time, as {@code Y.Doc} of Yjs 13.6 is one: shared types by name, changed here or by
 * {@linkplain #applyUpdate updates} from elsewhere, in any order. Documents that have the same updates have the same content; what is
 * written here reads the same in Yjs, and the bytes are the same.
 *
 * <p><b>Not thread-safe.</b> A document with all its types and events belongs to one thread at a time: give each its own thread or
 * lock, and hold it across what belongs together.
 *
 * <p><b>Values</b> in arrays, maps, attributes and embeds: {@code null}; {@link Undefined}; {@link Boolean}; numbers, which are
 * JavaScript's: any {@link Number} may be written, a {@link Long} up to 2^53 - 1, and reading gives a {@link Long} if it is integral
 * up to there, else a {@link Double}; {@link java.math.BigInteger} for a bigint of 64 bits; {@link String}; byte arrays; {@link List}
 * and {@link Map} with string keys of the like, which are copied when written and unmodifiable when read. Arrays and maps hold
 * preliminary {@link YType}s and {@link YDoc}s (subdocuments) too. Byte arrays that were read must not be changed.
 *
 * <p>Changes outside of {@link #transact} are transactions of their own. Observers are called when the outermost transaction has
 * ended; what they change is another transaction, after it. If one throws, the others are called nevertheless and the transaction is
 * finished; then the exception reaches whoever made the change.
 */
public final class YDoc {
    private final YDocOptions options;
    private long clientId;
    private final StructStore store = new StructStore();
    private final Map<String, YType> roots = new LinkedHashMap<>();
    private final DocListeners listeners = new DocListeners();
    private final Conflicts conflicts = new Conflicts();
    private final KeyCache keys = new KeyCache();
    private boolean hasDeepObservers;

    private @Nullable Transaction transaction;
    /** The transactions that are not finished; the first of them is being cleaned up, if the outermost one has ended. */
    private final List<Transaction> unfinished = new ArrayList<>();

    private final Pending pending = new Pending();

    private final Set<YDoc> subdocuments = new LinkedHashSet<>();
    private @Nullable Item item;
    private boolean shouldLoad;

    /** An empty document with {@linkplain YDocOptions#defaults default options}. */
    public YDoc() {
        this(YDocOptions.defaults());
    }

    /** An empty document. */
    public YDoc(YDocOptions options) {
        this.options = options;
        this.clientId = options.clientId();
        this.shouldLoad = options.shouldLoad();
    }

    /** The id under which this document writes. It changes if an update shows that somebody else writes under it. */
    public long clientId() {
        return clientId;
    }

    public String guid() {
        return options.guid();
    }

    public YDocOptions options() {
        return options;
    }

    // Types

    /** The text at the root {@code name}, which is there once it is asked for. */
    public YText getText(String name) {
        return root(name, YText.class, YText::new);
    }

    /** The array at the root {@code name}. */
    public YArray getArray(String name) {
        return root(name, YArray.class, YArray::new);
    }

    /** The map at the root {@code name}. */
    public YMap getMap(String name) {
        return root(name, YMap.class, YMap::new);
    }

    /** The XML at the root {@code name}. */
    public YXmlFragment getXmlFragment(String name) {
        return root(name, YXmlFragment.class, YXmlFragment::new);
    }

    /** The XML element at the root {@code name}; its own name is {@code UNDEFINED}, as in Yjs. */
    public YXmlElement getXmlElement(String name) {
        return root(name, YXmlElement.class, () -> new YXmlElement("UNDEFINED"));
    }

    /** The root {@code name} as what it was asked for before; a plain {@link YType} if nobody has. */
    public YType get(String name) {
        return root(name, YType.class, YType::new);
    }

    /** The names of all roots that were asked for or that arrived. */
    public Set<String> rootNames() {
        return Set.copyOf(roots.keySet());
    }

    /**
     * What the root {@code name} is: what it was asked for as, or what its content looks like. Takes time in proportion to the root's list.
     */
    public RootKind likelyKind(String name) {
        YType root = roots.get(name);
        return root == null ? RootKind.UNKNOWN : root.likelyKind();
    }

    /** What a root is is not in the bytes, so one that arrived becomes what it is first asked for as. */
    private <T extends YType> T root(String name, Class<T> kind, Supplier<T> make) {
        YType known = roots.get(name);
        if (known != null && (kind == YType.class || known.getClass() == kind)) {
            return kind.cast(known);
        }
        if (known != null && known.getClass() != YType.class) {
            throw new IllegalArgumentException(
                    "the root " + name + " is a " + known.getClass().getSimpleName() + " already");
        }
        T type = make.get();
        if (known != null) {
            type.takeOver(known);
        }
        roots.put(name, type);
        type.integrate(this, null);
        return type;
    }

    String nameOf(YType root) {
        for (Map.Entry<String, YType> entry : roots.entrySet()) {
            if (entry.getValue().equals(root)) {
                return entry.getKey();
            }
        }
        throw new IllegalStateException("this root was replaced by one with a type");
    }

    /** The content of all roots as plain values; of those that nobody has asked for by type, {@link Undefined}. */
    public Map<String, @Nullable Object> toJson() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        roots.forEach((name, type) -> json.put(name, type.toJson()));
        return json;
    }

    // Transactions

    /** {@link #transact(Consumer, Object)} for changes that need no word of the transaction and have no origin. */
    public void transact(Runnable changes) {
        transact(ignored -> changes.run(), null);
    }

    /** {@link #transact(Consumer, Object)} without an origin. */
    public void transact(Consumer<? super Transaction> changes) {
        transact(changes, null);
    }

    /**
     * Makes changes that belong together. Within another transaction they become part of it. What was changed before an exception
     * stays changed.
     *
     * @param origin anything that observers recognise the changes by
     */
    public void transact(Consumer<? super Transaction> changes, @Nullable Object origin) {
        transact(changes, origin, true);
    }

    private void transact(Consumer<? super Transaction> changes, @Nullable Object origin, boolean local) {
        if (transaction != null) {
            changes.accept(transaction);
            return;
        }
        Transaction own = new Transaction(this, origin, local);
        transaction = own;
        unfinished.add(own);
        Failures failures = new Failures();
        failures.catching(() -> changes.accept(own));
        transaction = null;
        if (unfinished.getFirst() == own) {
            while (!unfinished.isEmpty()) {
                Transaction ended = unfinished.getFirst();
                failures.catching(() -> new TransactionCleanup(ended, failures).run());
                ended.finish();
                unfinished.removeFirst();
            }
        }
        failures.rethrow();
    }

    /** Remembers the state of a client for a transaction, and for those before it that are not finished. */
    Touch touch(ClientStructs owner, Transaction by) {
        Touch latest = owner.touch;
        for (Transaction open : unfinished) {
            if (open.touchOf(owner) == null) {
                latest = open.begin(owner, latest);
            }
        }
        if (latest == null || latest.transaction != by) {
            throw new IllegalStateException("this transaction has ended");
        }
        return latest;
    }

    // Updates

    /** {@link #applyUpdate(byte[], Object)} without an origin. */
    public void applyUpdate(byte[] update) {
        applyUpdate(update, null);
    }

    /**
     * Brings in what is new in an update. What depends on something that is missing waits for it; see {@link #missing}.
     *
     * <p>The update is {@linkplain Updates#check checked} as a whole before anything is changed.
     *
     * @param update in encoding V1; copied as far as it is needed later
     * @param origin anything that observers recognise the changes by
     * @throws MalformedException if the bytes are no update; then the document is as it was
     */
    public void applyUpdate(byte[] update, @Nullable Object origin) {
        UpdateBlocks blocks = UpdateBlocks.check(update);
        transact(
                by -> {
                    by.becomeRemote();
                    pending.apply(by, blocks);
                },
                origin,
                false);
    }

    /** {@link #applyUpdateV2(byte[], Object)} without an origin. */
    public void applyUpdateV2(byte[] update) {
        applyUpdateV2(update, null);
    }

    /** {@link #applyUpdate(byte[], Object)} for encoding V2, which is {@linkplain UpdatesV2#toV1(byte[]) converted} first. */
    public void applyUpdateV2(byte[] update, @Nullable Object origin) {
        applyUpdate(UpdatesV2.toV1(update), origin);
    }

    /** The whole document as one update, with what is waiting. A new array. */
    public byte[] encodeStateAsUpdate() {
        return encodeStateAsUpdate(StateVector.empty());
    }

    /** What someone lacks who has {@code have}, with all deletions and what is waiting: {@code Y.encodeStateAsUpdate}. */
    public byte[] encodeStateAsUpdate(StateVector have) {
        return pending.addTo(StateWriter.state(store, have), have);
    }

    /** {@link #encodeStateAsUpdate()} in encoding V2. */
    public byte[] encodeStateAsUpdateV2() {
        return encodeStateAsUpdateV2(StateVector.empty());
    }

    /** {@link #encodeStateAsUpdate(StateVector)} in encoding V2. */
    public byte[] encodeStateAsUpdateV2(StateVector have) {
        return UpdatesV2.fromV1(encodeStateAsUpdate(have));
    }

    /** What this document has; not what is waiting. */
    public StateVector stateVector() {
        return store.stateVector();
    }

    /**
     * What the structs that wait are waiting for: of each client the last clock that must come before they can be looked at again.
     * Empty if none wait.
     */
    public StateVector missing() {
        return pending.missing();
    }

    /** Whether structs or deletions wait for something that is missing. */
    public boolean hasPending() {
        return !pending.isEmpty();
    }

    // Observers

    /** Calls {@code listener} with an update in encoding V1 after each transaction that changed something. */
    public Subscription onUpdate(Consumer<? super UpdateEvent> listener) {
        return listeners.update.add(listener);
    }

    /** The same in encoding V2. */
    public Subscription onUpdateV2(Consumer<? super UpdateEvent> listener) {
        return listeners.updateV2.add(listener);
    }

    /** Calls {@code listener} after the observers of types. */
    public Subscription onAfterTransaction(Consumer<? super Transaction> listener) {
        return listeners.afterTransaction.add(listener);
    }

    /** Calls {@code listener} when subdocuments were added, removed, or are wanted. */
    public Subscription onSubdocs(Consumer<? super SubdocsEvent> listener) {
        return listeners.subdocs.add(listener);
    }

    /** Calls {@code listener} when this document is {@linkplain #destroy destroyed}. */
    public Subscription onDestroy(Consumer<? super YDoc> listener) {
        return listeners.destroyed.add(listener);
    }

    // Snapshots

    /** This moment. */
    public Snapshot snapshot() {
        return new Snapshot(store.deletions(), store.stateVector());
    }

    /** {@link #createDocFromSnapshot(Snapshot, YDoc)} with a new document. */
    public YDoc createDocFromSnapshot(Snapshot snapshot) {
        return createDocFromSnapshot(snapshot, new YDoc());
    }

    /**
     * Brings this document as it was at a snapshot into another one, which is returned.
     *
     * @throws IllegalStateException if this document collects garbage, for then the past is lost
     */
    public YDoc createDocFromSnapshot(Snapshot snapshot, YDoc into) {
        if (options.gc()) {
            throw new IllegalStateException("only a document without garbage collection knows its past");
        }
        transact(by -> into.applyUpdate(StateWriter.until(by, store, snapshot), "snapshot"));
        return into;
    }

    // Subdocuments

    /** The documents in this one. */
    public Set<YDoc> subdocuments() {
        return Set.copyOf(subdocuments);
    }

    /** Whether the content of this document is wanted. */
    public boolean shouldLoad() {
        return shouldLoad;
    }

    /** Tells the document that this one is in that its content is wanted. */
    public void load() {
        if (item != null && !shouldLoad) {
            item.parent.integrated().transact(by -> by.subdocumentLoaded(this));
        }
        shouldLoad = true;
    }

    /**
     * Ends the use of this document. Where it is in another, a new one that is not loaded takes its place. Listeners are told and
     * forgotten by whoever holds them; the content can still be read.
     */
    public void destroy() {
        for (YDoc subdocument : List.copyOf(subdocuments)) {
            subdocument.destroy();
        }
        Item holder = item;
        if (holder != null) {
            item = null;
            YDoc replacement = replacement(holder);
            holder.parent.integrated().transact(by -> by.subdocumentReplaced(this, replacement));
        }
        Failures failures = new Failures();
        listeners.destroyed.call(this, failures);
        failures.rethrow();
    }

    private @Nullable YDoc replacement(Item holder) {
        if (!(holder.content instanceof ContentDoc content)) {
            return null;
        }
        YDoc next = new YDoc(YDocOptions.builder()
                .guid(guid())
                .gc(options.gc())
                .autoLoad(options.autoLoad())
                .shouldLoad(false)
                .meta(options.meta())
                .build());
        next.item = holder;
        content.replace(next);
        return holder.isDeleted() ? null : next;
    }

    void becomeSubdocument(Item holder) {
        item = holder;
    }

    boolean isSubdocument() {
        return item != null;
    }

    void subdocumentsChanged(Set<YDoc> added, Set<YDoc> removed) {
        for (YDoc subdocument : added) {
            subdocument.clientId = clientId;
            subdocuments.add(subdocument);
        }
        subdocuments.removeAll(removed);
    }

    // What the machinery needs

    StructStore store() {
        return store;
    }

    Conflicts conflicts() {
        return conflicts;
    }

    KeyCache keys() {
        return keys;
    }

    DocListeners listeners() {
        return listeners;
    }

    boolean hasDeepObservers() {
        return hasDeepObservers;
    }

    void expectDeepObservers() {
        hasDeepObservers = true;
    }

    void changeClientId() {
        clientId = YDocOptions.randomClientId();
    }
}
