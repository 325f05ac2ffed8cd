package dev.weft.yjs;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A place in a list or text that stays where it is while others edit around it: beside a certain element, or at an end of a type. Carets
 * and annotations are kept so. Immutable, safe for use by many threads.
 *
 * <p>Format (Yjs {@code RelativePosition.js}): {@code varUint 0} and the id of an element, or {@code 1} and the name of a root, or
 * {@code 2} and the id of a type's item; then {@code varInt association}, which may be missing.
 */
public final class RelativePosition {
    private static final int ELEMENT = 0;
    private static final int ROOT = 1;
    private static final int TYPE = 2;

    private final int kind;
    private final @Nullable String root;
    private final long client;
    private final long clock;
    private final int association;

    private RelativePosition(int kind, @Nullable String root, long client, long clock, int association) {
        this.kind = kind;
        this.root = root;
        this.client = client;
        this.clock = clock;
        this.association = association;
    }

    /** {@link #of(YType, int, int)} with association 0. */
    public static RelativePosition of(YType type, int index) {
        return of(type, index, 0);
    }

    /**
     * The place before the element at {@code index}, or at the end.
     *
     * @param association 0 or more: with the element behind it, so that what is inserted here comes before it; less than 0: with the
     *     element before it
     */
    public static RelativePosition of(YType type, int index, int association) {
        if (index < 0 || index > type.length) {
            throw new IndexOutOfBoundsException(index);
        }
        type.integrated();
        if (association < 0 && index == 0) {
            return endOf(type, association);
        }
        int left = association < 0 ? index - 1 : index;
        for (Item item = type.start; item != null; item = item.right) {
            if (item.isVisible()) {
                if (item.length > left) {
                    return at(item, item.clock + left, association);
                }
                left -= item.visibleLength();
            }
            if (item.right == null && association < 0) {
                return at(item, item.end() - 1, association);
            }
        }
        return endOf(type, association);
    }

    private static RelativePosition at(Item item, long clock, int association) {
        return new RelativePosition(ELEMENT, null, item.owner.client, clock, association);
    }

    private static RelativePosition endOf(YType type, int association) {
        Item item = type.item;
        return item == null
                ? new RelativePosition(ROOT, type.integrated().nameOf(type), 0, 0, association)
                : new RelativePosition(TYPE, null, item.owner.client, item.clock, association);
    }

    /**
     * Decodes a whole position, as {@code Y.encodeRelativePosition} writes it.
     *
     * @throws MalformedException if {@code bytes} are anything else, or more
     */
    public static RelativePosition decode(byte[] bytes) {
        Input in = Input.checking(bytes, 0, bytes.length);
        int kind = (int) Math.min(in.varUint(), TYPE + 1);
        String root = null;
        long client = 0;
        long clock = 0;
        switch (kind) {
            case ELEMENT, TYPE -> {
                client = in.varUint();
                clock = in.varUint();
            }
            case ROOT -> {
                int from = in.position();
                in.skipString();
                in.rewind(from);
                root = Texts.read(in);
            }
            default -> throw new MalformedException(0, "the kind of a relative position was expected");
        }
        long association = in.hasMore() ? in.signedVarInt() : 0;
        in.expectEnd();
        int magnitude = (int) Math.min(association >>> 1, Integer.MAX_VALUE);
        return new RelativePosition(kind, root, client, clock, (association & 1) == 0 ? magnitude : -magnitude);
    }

    /** {@code Y.encodeRelativePosition}. A new array at each call. */
    public byte[] encode() {
        Output out = new Output(24).varUint(kind);
        if (root != null) {
            Texts.write(out, root);
        } else {
            out.varUint(client).varUint(clock);
        }
        return out.varInt(Math.abs((long) association), association < 0).toByteArray();
    }

    /** Below 0 if this belongs to the element before it, else to the one behind it. */
    public int association() {
        return association;
    }

    /** Where this is in a document now, or null if that cannot be said: what it names is missing, or was deleted and collected. */
    public @Nullable AbsolutePosition toAbsolute(YDoc doc) {
        if (root != null) {
            YType type = doc.get(root);
            return new AbsolutePosition(type, association >= 0 ? type.length : 0, association);
        }
        ClientStructs structs = doc.store().get(client);
        if (structs == null || structs.state() <= clock || !(structs.find(clock) instanceof Item item)) {
            return null;
        }
        if (kind == TYPE) {
            return item.content instanceof ContentType content
                    ? new AbsolutePosition(content.type, association >= 0 ? content.type.length : 0, association)
                    : null;
        }
        YType type = item.parent;
        if (type.item != null && type.item.isDeleted()) {
            return new AbsolutePosition(type, 0, association);
        }
        int index = item.isVisible() ? (int) (clock - item.clock) + (association >= 0 ? 0 : 1) : 0;
        for (Item left = item.left; left != null; left = left.left) {
            if (left.isVisible()) {
                index += left.visibleLength();
            }
        }
        return new AbsolutePosition(type, index, association);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RelativePosition that
                && kind == that.kind
                && Objects.equals(root, that.root)
                && client == that.client
                && clock == that.clock
                && association == that.association;
    }

    @Override
    public int hashCode() {
        return Objects.hash(kind, root, client, clock, association);
    }
}
