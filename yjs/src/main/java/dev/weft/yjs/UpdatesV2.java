package dev.weft.yjs;

import java.util.List;

/**
 * Conversion of updates between encoding V1, the one of the wire, and V2, which y-redis stores and hands to webhooks. Results are
 * new arrays that belong to the caller. Both methods are safe for use by many threads.
 */
public final class UpdatesV2 {
    /** What {@link #toV1(byte[])} produces at most. */
    public static final int DEFAULT_MAX_BYTES = 1 << 29;

    private UpdatesV2() {}

    /**
     * {@code Y.convertUpdateFormatV1ToV2}, to the byte for what Yjs wrote.
     *
     * @param update in encoding V1
     * @throws MalformedException if the update cannot be read
     */
    public static byte[] fromV1(byte[] update) {
        V2Writer writer = new V2Writer();
        Input in = Input.trusting(update);
        StructReader reader = StructReader.of(in);
        long previous = Long.MAX_VALUE;
        while (reader.nextBlock()) {
            if (reader.client >= previous) {
                // Yjs would take two blocks of a client for one, whatever lies between them.
                return fromV1(Updates.merge(List.of(update)));
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
     * <p>The columns of V2 are run-length coded, so a few bytes may stand for any number of structs; that is why the result has
     * a limit.
     *
     * @param update in encoding V2
     * @param maxBytes limit of the result in bytes; memory is bounded by a small multiple of it
     * @throws MalformedException if the update cannot be read or its result would be larger than {@code maxBytes}
     */
    public static byte[] toV1(byte[] update, int maxBytes) {
        byte[] converted = new V2Reader(update, maxBytes).toV1();
        Updates.check(converted);
        return converted;
    }
}
