package dev.weft.yjs;

import java.util.ArrayList;
import java.util.List;

/**
 * Operations on updates in encoding V2, the one of {@code Y.encodeStateAsUpdateV2}, which y-redis stores and hands to webhooks, and
 * conversion from and to V1, the one of the wire. Results are new arrays that belong to the caller; of what Yjs wrote they are Yjs's, to
 * the byte. All methods are safe for use by many threads.
 *
 * <p>V2 lies in columns, so nothing can be copied across as a range of bytes: each operation lays its updates out struct by struct,
 * works on them as {@link Updates} does, and writes columns again. The columns are run-length coded, and a few bytes may stand for any
 * number of structs. Hence a limit for what the updates of one call take up when laid out (about what they take in V1): memory is
 * bounded by a small multiple of it, and what would need more is refused.
 *
 * <p>Everything but {@link #check} and {@link #toV1} trusts the JSON inside an update to have been checked when it came in. Bytes that
 * are no update make every method throw {@link MalformedException}, never anything else.
 */
public final class UpdatesV2 {
    /** What the updates of one call may take up at most where no limit is given: 512 MiB. */
    public static final int DEFAULT_MAX_BYTES = 1 << 29;

    private UpdatesV2() {}

    /**
     * {@code Y.convertUpdateFormatV1ToV2}, to the byte for what Yjs wrote.
     *
     * @param update in encoding V1
     * @throws MalformedException if the update cannot be read
     */
    public static byte[] fromV1(byte[] update) {
        return columns(update, Embeds.JSON);
    }

    private static byte[] columns(byte[] update, Embeds embeds) {
        V2Writer writer = new V2Writer(embeds);
        Input in = Input.trusting(update);
        StructReader reader = StructReader.of(in);
        long previous = Long.MAX_VALUE;
        while (reader.nextBlock()) {
            if (reader.client >= previous) {
                // Yjs would take two blocks of a client for one, whatever lies between them.
                return columns(Updates.merge(List.of(update)), embeds);
            }
            previous = reader.client;
            if (reader.structsLeft() > 0) {
                writer.beginBlock(reader);
            }
            while (reader.next()) {
                writer.write(update, reader);
            }
        }
        RangeSet.Builder deletions = new RangeSet.Builder();
        deletions.addDeleteSet(in);
        in.expectEnd();
        return writer.finish(deletions.build());
    }

    /** {@link #toV1(byte[], int)} with {@link #DEFAULT_MAX_BYTES}. */
    public static byte[] toV1(byte[] update) {
        return toV1(update, DEFAULT_MAX_BYTES);
    }

    /**
     * {@code Y.convertUpdateFormatV2ToV1}. The result passes {@link Updates#check}.
     *
     * @param update in encoding V2
     * @param maxBytes limit of the result in bytes
     * @throws MalformedException if the update cannot be read or its result would be larger than {@code maxBytes}
     */
    public static byte[] toV1(byte[] update, int maxBytes) {
        byte[] converted = new V2Reader(update, maxBytes, Embeds.JSON).toV1();
        Updates.check(converted);
        return converted;
    }

    /** {@link #check(byte[], int)} with {@link #DEFAULT_MAX_BYTES}. */
    public static void check(byte[] update) {
        check(update, DEFAULT_MAX_BYTES);
    }

    /**
     * Checks every byte of an update, as {@link Updates#check} does for V1.
     *
     * @throws MalformedException if a client could not read the update, or if it would take up more than {@code maxBytes} in V1
     */
    public static void check(byte[] update, int maxBytes) {
        toV1(update, maxBytes);
    }

    /** {@link #stateVector(byte[], int)} with {@link #DEFAULT_MAX_BYTES}. */
    public static StateVector stateVector(byte[] update) {
        return stateVector(update, DEFAULT_MAX_BYTES);
    }

    /** {@code Y.encodeStateVectorFromUpdateV2}, see {@link Updates#stateVector}. */
    public static StateVector stateVector(byte[] update, int maxBytes) {
        return Updates.stateVector(structs(update, maxBytes));
    }

    /** {@link #merge(List, int)} with {@link #DEFAULT_MAX_BYTES}. */
    public static byte[] merge(List<byte[]> updates) {
        return merge(updates, DEFAULT_MAX_BYTES);
    }

    /**
     * One update that has the effect of all: {@code Y.mergeUpdatesV2}, see {@link Updates#merge}. (Of a single one Yjs gives back the
     * array that it was given, and here it is written anew.)
     *
     * @param maxBytes limit for all updates together
     */
    public static byte[] merge(List<byte[]> updates, int maxBytes) {
        List<byte[]> all = new ArrayList<>(updates.size());
        int left = maxBytes;
        for (byte[] update : updates) {
            byte[] structs = structs(update, left);
            left = Math.max(0, left - structs.length);
            all.add(structs);
        }
        return columns(Updates.merge(all), Embeds.ANY);
    }

    /** {@link #diff(byte[], StateVector, int)} with {@link #DEFAULT_MAX_BYTES}. */
    public static byte[] diff(byte[] update, StateVector have) {
        return diff(update, have, DEFAULT_MAX_BYTES);
    }

    /** What {@code update} has beyond {@code have}, and all of its deletions: {@code Y.diffUpdateV2}. */
    public static byte[] diff(byte[] update, StateVector have, int maxBytes) {
        return columns(Updates.diff(structs(update, maxBytes), have), Embeds.ANY);
    }

    private static byte[] structs(byte[] update, int maxBytes) {
        return new V2Reader(update, maxBytes, Embeds.ANY).toV1();
    }
}
