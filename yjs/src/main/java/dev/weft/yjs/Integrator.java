package dev.weft.yjs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings the structs of an update into a document (Yjs {@code encoding.js}, {@code integrateStructs}). It goes through the clients in
 * descending order; a struct that depends on one of another client waits until that client's block has come so far. Where something is
 * missing, the rest of the block stays behind, and so do those that wait for it.
 */
final class Integrator {
    private final Transaction transaction;
    private final YDoc doc;
    private final StructStore store;
    private final byte[] update;
    private final BlockCursor[] blocks;
    private int target;
    private final Deque<BlockCursor> waiting = new ArrayDeque<>(0);
    private final List<BlockCursor> stopped = new ArrayList<>(0);
    private final Map<Long, Long> missing = new HashMap<>(0);

    Integrator(Transaction transaction, UpdateBlocks update) {
        this.transaction = transaction;
        this.doc = transaction.doc();
        this.store = doc.store();
        this.update = update.update;
        this.blocks = update.cursors();
    }

    /**
     * Integrates all that can be.
     *
     * @return whether nothing was left
     */
    boolean run() {
        for (BlockCursor block = next(); block != null; block = next()) {
            BlockCursor first = step(block);
            while (first != null) {
                block.waits = true;
                waiting.push(block);
                first.next();
                block = first;
                first = step(block);
            }
        }
        return stopped.isEmpty();
    }

    /** Of each client the last clock that must come before what was left can be integrated. */
    Map<Long, Long> missing() {
        return missing;
    }

    /** What could not be integrated, as an update. */
    byte[] rest() {
        stopped.sort((a, b) -> Long.compare(b.client, a.client));
        Output out = new Output(64).varUint(stopped.size());
        for (BlockCursor block : stopped) {
            int structs = block.left + 1;
            StructReader reader = StructReader.inside(
                    Input.trusting(update, block.start(), update.length), block.client, block.clock, structs);
            while (reader.next()) {
                // To its end.
            }
            out.varUint(structs).varUint(block.client).varUint(block.clock);
            out.copy(update, block.start(), reader.end);
        }
        return out.varUint(0).toByteArray();
    }

    /** The next block that stands at a struct to be integrated, or null when all are done. */
    private @Nullable BlockCursor next() {
        if (!waiting.isEmpty()) {
            BlockCursor block = waiting.pop();
            block.waits = false;
            return block;
        }
        while (target < blocks.length) {
            BlockCursor block = blocks[target];
            if (block.left > 0 && !block.stopped) {
                block.next();
                return block;
            }
            target++;
        }
        return null;
    }

    /** Integrates the current struct of a block. @return null, or another block that must go on first */
    private @Nullable BlockCursor step(BlockCursor block) {
        if (block.kind() == StructReader.SKIP) {
            block.clock += block.in.varUint();
            return null;
        }
        long known = store.state(block.client) - block.clock;
        if (known < 0) {
            stop(block, block.client, block.clock - 1);
            return null;
        }
        long needed = block.missing(store);
        if (needed < 0) {
            integrate(block, known);
            return null;
        }
        BlockCursor first = block(needed);
        if (first == null || first.left == 0 || first.waits || first.stopped) {
            stop(block, needed, store.state(needed));
            return null;
        }
        return first;
    }

    private @Nullable BlockCursor block(long client) {
        int low = 0;
        int high = blocks.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (blocks[middle].client == client) {
                return blocks[middle];
            }
            if (blocks[middle].client > client) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /** Gives up a block at its current struct, and those that wait for it. */
    private void stop(BlockCursor block, long client, long clock) {
        missing.merge(client, clock, Math::min);
        waiting.push(block);
        for (BlockCursor stop : waiting) {
            stop.stopped = true;
            stopped.add(stop);
        }
        waiting.clear();
    }

    private void integrate(BlockCursor block, long known) {
        if (block.kind() == StructReader.GC) {
            long length = block.in.varUint();
            if (known < length) {
                collected(block, block.clock + known, length - known);
            }
            block.clock += length;
            return;
        }
        Struct left =
                block.hasOrigin() ? structs(block.originClient()).endingAt(transaction, block.originClock()) : null;
        Struct right = block.hasRightOrigin()
                ? structs(block.rightOriginClient()).startingAt(transaction, block.rightOriginClock())
                : null;
        YType parent = parent(block, left, right);
        String key = null;
        if (block.hasKey()) {
            key = block.key(doc.keys());
        } else if (left instanceof Item item) {
            key = item.key;
        } else if (right instanceof Item item) {
            key = item.key;
        }
        Content content = ContentReader.read(block.in, block.kind(), doc.keys());
        long length = content.length();
        if (known < length) {
            add(block, known, left, right, parent, key, content);
        }
        block.clock += length;
    }

    private void add(
            BlockCursor block,
            long known,
            @Nullable Struct left,
            @Nullable Struct right,
            @Nullable YType parent,
            @Nullable String key,
            Content whole) {
        ClientStructs owner = store.getOrCreate(block.client);
        long clock = block.clock + known;
        Struct before = left;
        Content content = whole;
        if (known > 0) {
            before = owner.endingAt(transaction, clock - 1);
            content = whole.split(known);
        }
        if (parent == null || before instanceof GcStruct) {
            collected(block, clock, content.length());
            return;
        }
        Item item = new Item(
                owner,
                clock,
                (Item) before,
                before == null ? null : before.owner,
                before == null ? 0 : before.end() - 1,
                (Item) right,
                right == null ? null : right.owner,
                right == null ? 0 : right.clock,
                parent,
                key,
                content);
        item.integrate(transaction);
    }

    private void collected(BlockCursor block, long clock, long length) {
        ClientStructs owner = store.getOrCreate(block.client);
        owner.add(new GcStruct(owner, clock, length), transaction);
    }

    /** The type that an item goes into, or null if that was collected or is none. */
    private @Nullable YType parent(BlockCursor block, @Nullable Struct left, @Nullable Struct right) {
        if (left instanceof GcStruct || right instanceof GcStruct) {
            return null;
        }
        if (left instanceof Item item) {
            return item.parent;
        }
        if (right instanceof Item item) {
            return item.parent;
        }
        if (block.hasRootParent()) {
            return doc.get(block.rootName(doc.keys()));
        }
        Struct parent = structs(block.parentClient()).find(block.parentClock());
        return parent instanceof Item item && item.content instanceof ContentType type ? type.type : null;
    }

    /** The structs of a client of which something is known to be there. */
    private ClientStructs structs(long client) {
        ClientStructs structs = store.get(client);
        if (structs == null) {
            throw new IllegalStateException("a struct was integrated before those that it depends on");
        }
        return structs;
    }
}
