package dev.weft.yjs;

import org.jspecify.annotations.Nullable;

/**
 * A piece of content, in the list of its parent or at one of the parent's keys (Yjs {@code structs/Item.js}). Items of one list
 * are linked both ways; items at one key form a list too, of which the last is the value and all others are deleted.
 *
 * <p>{@code origin} and {@code rightOrigin} are the neighbours at the time of writing, an owner and a clock each; the owner is
 * null if there was none. They never change, except that a split gives the right part an origin.
 */
final class Item extends Struct {
    private static final int COUNTABLE = 1;
    private static final int DELETED = 2;
    private static final int MARKED = 4;

    final @Nullable ClientStructs originOwner;
    final long originClock;
    final @Nullable ClientStructs rightOriginOwner;
    final long rightOriginClock;

    @Nullable
    Item left;

    @Nullable
    Item right;

    YType parent;
    final @Nullable String key;
    Content content;
    private byte flags;

    /** An item that comes from elsewhere. */
    Item(
            ClientStructs owner,
            long clock,
            @Nullable Item left,
            @Nullable ClientStructs originOwner,
            long originClock,
            @Nullable Item right,
            @Nullable ClientStructs rightOriginOwner,
            long rightOriginClock,
            YType parent,
            @Nullable String key,
            Content content) {
        super(owner, clock, content.length());
        this.left = left;
        this.originOwner = originOwner;
        this.originClock = originClock;
        this.right = right;
        this.rightOriginOwner = rightOriginOwner;
        this.rightOriginClock = rightOriginClock;
        this.parent = parent;
        this.key = key;
        this.content = content;
        if (content.isCountable()) {
            flags = COUNTABLE;
        }
    }

    /** Writes new content of the document's own client between two neighbours. */
    static Item insert(
            Transaction transaction,
            @Nullable Item left,
            @Nullable Item right,
            YType parent,
            @Nullable String key,
            Content content) {
        ClientStructs owner = transaction.ownStructs();
        Item item = new Item(
                owner,
                owner.state(),
                left,
                left == null ? null : left.owner,
                left == null ? 0 : left.end() - 1,
                right,
                right == null ? null : right.owner,
                right == null ? 0 : right.clock,
                parent,
                key,
                content);
        item.integrate(transaction);
        return item;
    }

    @Override
    boolean isDeleted() {
        return (flags & DELETED) != 0;
    }

    void markDeleted() {
        flags |= DELETED;
    }

    /** Whether this counts toward the length of its parent: not so formatting and what arrived as deleted. */
    boolean isCountable() {
        return (flags & COUNTABLE) != 0;
    }

    /** Whether this is seen: countable and not deleted. */
    boolean isVisible() {
        return (flags & (COUNTABLE | DELETED)) == COUNTABLE;
    }

    /** Whether a {@linkplain SearchMarkers search marker} points here. */
    boolean isMarked() {
        return (flags & MARKED) != 0;
    }

    void mark(boolean marked) {
        flags = (byte) (marked ? flags | MARKED : flags & ~MARKED);
    }

    /** The length of content that is countable, which always fits into an int because it is held in memory. */
    int visibleLength() {
        return (int) length;
    }

    private boolean hasOriginOf(Item other) {
        return originOwner == other.originOwner && (originOwner == null || originClock == other.originClock);
    }

    private boolean hasRightOriginOf(Item other) {
        return rightOriginOwner == other.rightOriginOwner
                && (rightOriginOwner == null || rightOriginClock == other.rightOriginClock);
    }

    /** The next item that is not deleted. */
    @Nullable
    Item next() {
        Item item = right;
        while (item != null && item.isDeleted()) {
            item = item.right;
        }
        return item;
    }

    /** The previous item that is not deleted. */
    @Nullable
    Item previous() {
        Item item = left;
        while (item != null && item.isDeleted()) {
            item = item.left;
        }
        return item;
    }

    /** Links this item into its parent, at the place where every client puts it, and adds it to the store. */
    void integrate(Transaction transaction) {
        boolean concurrent = left == null ? right == null || right.left != null : left.right != right;
        if (concurrent) {
            left = place(transaction.conflicts());
        }
        link(transaction);
        if (key == null && isVisible()) {
            parent.length += visibleLength();
        }
        owner.add(this, transaction);
        content.integrate(transaction, this);
        transaction.changed(parent, key);
        Item holder = parent.item;
        if ((holder != null && holder.isDeleted()) || (key != null && right != null)) {
            delete(transaction);
        }
    }

    /** The left neighbour among items that were written concurrently at one place: the algorithm YATA as Yjs has it. */
    private @Nullable Item place(Conflicts conflicts) {
        Item place = left;
        Item other = left != null ? left.right : firstOfList();
        if (other == null || other == right) {
            return place;
        }
        conflicts.clear();
        while (other != null && other != right) {
            conflicts.add(other);
            if (hasOriginOf(other)) {
                if (other.owner.client < owner.client) {
                    place = other;
                    conflicts.settle();
                } else if (hasRightOriginOf(other)) {
                    break;
                }
            } else {
                Struct origin = other.originOwner == null ? null : other.originOwner.find(other.originClock);
                if (!(origin instanceof Item item) || !conflicts.contains(item)) {
                    break;
                }
                if (!conflicts.isOpen(item)) {
                    place = other;
                    conflicts.settle();
                }
            }
            other = other.right;
        }
        return place;
    }

    private @Nullable Item firstOfList() {
        if (key == null) {
            return parent.start;
        }
        Item item = parent.valueAt(key);
        while (item != null && item.left != null) {
            item = item.left;
        }
        return item;
    }

    private void link(Transaction transaction) {
        Item before = left;
        if (before != null) {
            right = before.right;
            before.right = this;
        } else {
            right = firstOfList();
            if (key == null) {
                parent.start = this;
            }
        }
        if (right != null) {
            right.left = this;
        } else if (key != null) {
            parent.putValue(key, this);
            if (before != null) {
                before.delete(transaction);
            }
        }
    }

    /** Marks this item and, if it is a type, everything in it as deleted. */
    void delete(Transaction transaction) {
        if (!isDeleted()) {
            deleteAlone(transaction);
            if (content instanceof ContentType type) {
                Deletion.ofChildren(transaction, type.type);
            }
        }
    }

    /** Marks this item as deleted, not what is in it. */
    void deleteAlone(Transaction transaction) {
        if (key == null && isCountable()) {
            parent.length -= visibleLength();
        }
        markDeleted();
        transaction.deleted(this);
        transaction.changed(parent, key);
        content.delete(transaction);
    }

    /**
     * Cuts this item in two and links the right part; the caller adds it to the store.
     *
     * @param offset 1 ≤ offset &lt; length
     * @return the right part
     */
    Item split(Transaction transaction, long offset) {
        Item rest = new Item(
                owner,
                clock + offset,
                this,
                owner,
                clock + offset - 1,
                right,
                rightOriginOwner,
                rightOriginClock,
                parent,
                key,
                content.split(offset));
        if (isDeleted()) {
            rest.markDeleted();
        }
        length = offset;
        right = rest;
        if (rest.right != null) {
            rest.right.left = rest;
        }
        transaction.mergeLater(rest);
        if (key != null && rest.right == null) {
            parent.putValue(key, rest);
        }
        return rest;
    }

    /** Whether {@code next}, the following struct of the client, can be joined to this one without losing anything. */
    boolean canMerge(Item next) {
        return right == next
                && next.originOwner == owner
                && next.originClock == end() - 1
                && hasRightOriginOf(next)
                && isDeleted() == next.isDeleted()
                && content.canMerge(next.content);
    }

    /** Joins the following item, for which {@link #canMerge} holds, to this one. */
    void merge(Item next) {
        content.merge(next.content);
        SearchMarkers markers = parent.markers;
        if (markers != null) {
            markers.merged(this, next);
        }
        right = next.right;
        if (right != null) {
            right.left = this;
        }
        if (next.key != null && parent.valueAt(next.key) == next) {
            parent.putValue(next.key, this);
        }
        length += next.length;
    }

    @Override
    void write(Output out, long offset) {
        boolean hasOrigin = offset > 0 || originOwner != null;
        int info = content.kind()
                | (hasOrigin ? StructReader.HAS_ORIGIN : 0)
                | (rightOriginOwner != null ? StructReader.HAS_RIGHT_ORIGIN : 0)
                | (key != null ? StructReader.HAS_KEY : 0);
        out.uint8(info);
        if (offset > 0) {
            out.varUint(owner.client).varUint(clock + offset - 1);
        } else if (originOwner != null) {
            out.varUint(originOwner.client).varUint(originClock);
        }
        if (rightOriginOwner != null) {
            out.varUint(rightOriginOwner.client).varUint(rightOriginClock);
        }
        if (!hasOrigin && rightOriginOwner == null) {
            parent.writeAsParent(out);
            if (key != null) {
                Texts.write(out, key);
            }
        }
        content.write(out, offset);
    }
}
