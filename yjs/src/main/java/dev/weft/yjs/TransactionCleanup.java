package dev.weft.yjs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What follows a transaction: observers are called, redundant formatting goes, deleted content is dropped, neighbours are joined, and
 * the update is told (Yjs {@code Transaction.js}, {@code cleanupTransactions}).
 */
final class TransactionCleanup {
    private final YDoc doc;
    private final Transaction transaction;
    private final Failures failures;

    TransactionCleanup(Transaction transaction, Failures failures) {
        this.doc = transaction.doc();
        this.transaction = transaction;
        this.failures = failures;
    }

    void run() {
        transaction.end();
        callObservers();
        failures.catching(() -> doc.listeners().afterTransaction.call(transaction, failures));
        if (transaction.needsFormattingCleanup()) {
            failures.catching(() -> FormattingCleanup.after(transaction));
        }
        if (doc.options().gc()) {
            collect();
        }
        mergeDeleted();
        mergeAdded();
        mergeSplit();
        ClientStructs own = doc.store().get(doc.clientId());
        Touch ownTouch = own == null ? null : transaction.touchOf(own);
        if (!transaction.isLocal() && ownTouch != null && ownTouch.after != ownTouch.before) {
            // Someone else uses this client's id; Yjs takes a new one as well.
            doc.changeClientId();
        }
        tellUpdate();
        tellSubdocuments();
    }

    private void callObservers() {
        List<YEvent> events = new ArrayList<>(0);
        // Observers may change the document, but those changes are other transactions.
        for (Map.Entry<YType, Set<@Nullable String>> change :
                List.copyOf(transaction.changed().entrySet())) {
            YType type = change.getKey();
            if (type.item == null || !type.item.isDeleted()) {
                type.changed(transaction, change.getValue(), events, failures);
            }
        }
        DeepObservers.call(doc, events, failures);
    }

    private void collect() {
        for (Touch touch : transaction.deletions()) {
            ClientStructs structs = touch.owner;
            for (int range = touch.ranges() - 1; range >= 0; range--) {
                long end = touch.to(range);
                for (int i = structs.indexOf(touch.from(range)); i < structs.size(); i++) {
                    Struct struct = structs.get(i);
                    if (struct.clock >= end) {
                        break;
                    }
                    if (struct instanceof Item item && item.isDeleted()) {
                        Deletion.collect(item);
                    }
                }
            }
        }
    }

    private void mergeDeleted() {
        for (Touch touch : transaction.deletions()) {
            ClientStructs structs = touch.owner;
            for (int range = touch.ranges() - 1; range >= 0; range--) {
                int last = Math.min(structs.size() - 1, 1 + structs.indexOf(touch.to(range) - 1));
                int first = structs.indexOf(touch.from(range));
                if (structs.get(first).clock < touch.from(range)) {
                    first++;
                }
                if (Math.max(first, 1) <= last) {
                    structs.merge(Math.max(first, 1), last);
                }
            }
        }
    }

    private void mergeAdded() {
        for (Touch touch : transaction.touches()) {
            if (touch.after != touch.before) {
                ClientStructs structs = touch.owner;
                int first = Math.max(1, structs.indexOf(touch.before));
                if (first < structs.size()) {
                    structs.merge(first, structs.size() - 1);
                }
            }
        }
    }

    private void mergeSplit() {
        List<Item> items = transaction.toMerge();
        for (int i = items.size() - 1; i >= 0; i--) {
            Item item = items.get(i);
            ClientStructs structs = item.owner;
            int index = structs.indexOf(item.clock);
            if (index + 1 < structs.size() && structs.merge(index + 1, index + 1) > 1) {
                continue;
            }
            if (index > 0) {
                structs.merge(index, index);
            }
        }
    }

    private void tellUpdate() {
        DocListeners listeners = doc.listeners();
        if (listeners.update.isEmpty() && listeners.updateV2.isEmpty()) {
            return;
        }
        byte[] update = StateWriter.update(transaction);
        if (update == null) {
            return;
        }
        if (!listeners.update.isEmpty()) {
            listeners.update.call(new UpdateEvent(update, transaction.origin(), transaction), failures);
        }
        if (!listeners.updateV2.isEmpty()) {
            byte[] v2 = UpdatesV2.fromV1(update);
            listeners.updateV2.call(new UpdateEvent(v2, transaction.origin(), transaction), failures);
        }
    }

    private void tellSubdocuments() {
        Set<YDoc> added = transaction.subdocumentsAdded();
        Set<YDoc> removed = transaction.subdocumentsRemoved();
        Set<YDoc> loaded = transaction.subdocumentsLoaded();
        if (added.isEmpty() && removed.isEmpty() && loaded.isEmpty()) {
            return;
        }
        doc.subdocumentsChanged(added, removed);
        SubdocsEvent event =
                new SubdocsEvent(List.copyOf(added), List.copyOf(loaded), List.copyOf(removed), transaction);
        doc.listeners().subdocs.call(event, failures);
        for (YDoc subdocument : event.removed()) {
            failures.catching(subdocument::destroy);
        }
    }
}
