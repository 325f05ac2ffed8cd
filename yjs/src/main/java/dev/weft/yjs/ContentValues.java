package dev.weft.yjs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Values in a row, as {@linkplain Any any} or, in documents of old versions of Yjs, as JSON. They are kept encoded, so that most
 * documents pass without being decoded, and exactly as they came; whoever reads one has all of them decoded once.
 */
final class ContentValues extends Content {
    private final int kind;
    /** The encoded values, one after the other, without their count. */
    private byte[] bytes;

    private int size;
    private int count;

    /** The same values, if somebody has read one. */
    private @Nullable Object @Nullable [] values;

    /**
     * @param kind {@link StructReader#ANY} or {@link StructReader#JSON}
     * @param bytes an array that belongs to this content from now on
     */
    ContentValues(int kind, byte[] bytes, int count) {
        this.kind = kind;
        this.bytes = bytes;
        this.size = bytes.length;
        this.count = count;
    }

    @Override
    int kind() {
        return kind;
    }

    @Override
    long length() {
        return count;
    }

    @Override
    @SuppressWarnings("NullAway") // null is a value
    Object element(int index) {
        if (values == null) {
            values = decode();
        }
        return values[index];
    }

    private @Nullable Object[] decode() {
        @Nullable Object[] decoded = new Object[count];
        Input in = Input.trusting(bytes, 0, size);
        for (int i = 0; i < count; i++) {
            decoded[i] = kind == StructReader.ANY ? JsValues.readAny(in) : JsValues.readJson(in);
        }
        return decoded;
    }

    @Override
    Content split(long offset) {
        int at = offsetOf(offset);
        ContentValues rest = new ContentValues(kind, Arrays.copyOfRange(bytes, at, size), count - (int) offset);
        if (values != null) {
            rest.values = Arrays.copyOfRange(values, (int) offset, count);
            values = Arrays.copyOf(values, (int) offset);
        }
        bytes = at > size / 2 ? bytes : Arrays.copyOf(bytes, at);
        size = at;
        count = (int) offset;
        return rest;
    }

    private int offsetOf(long offset) {
        Input in = Input.trusting(bytes, 0, size);
        for (long i = 0; i < offset; i++) {
            if (kind == StructReader.ANY) {
                Any.skip(in);
            } else {
                in.skipString();
            }
        }
        return in.position();
    }

    @Override
    boolean canMerge(Content next) {
        return next instanceof ContentValues other && other.kind == kind;
    }

    @Override
    void merge(Content next) {
        ContentValues other = (ContentValues) next;
        if (bytes.length - size < other.size) {
            bytes = Arrays.copyOf(bytes, Math.max(2 * size, size + other.size));
        }
        System.arraycopy(other.bytes, 0, bytes, size, other.size);
        size += other.size;
        if (values != null) {
            mergeDecoded(values, other);
        }
        count += other.count;
    }

    private void mergeDecoded(@Nullable Object[] own, ContentValues other) {
        @Nullable Object[] theirs = other.values == null ? other.decode() : other.values;
        @Nullable Object[] all = own;
        if (own.length - count < other.count) {
            all = Arrays.copyOf(own, Math.max(2 * count, count + other.count));
        }
        System.arraycopy(theirs, 0, all, count, other.count);
        values = all;
    }

    @Override
    void write(Output out, long offset) {
        out.varUint(count - offset).copy(bytes, offsetOf(offset), size);
    }
}
