package dev.weft.storage.s3;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.SequenceInputStream;

/**
 * What is to be an object: two arrays, one after the other, which are not copied and not changed meanwhile.
 *
 * @param update may be large
 */
record Content(byte[] head, byte[] update) {
    long length() {
        return (long) head.length + update.length;
    }

    /** Bytes of it, as often as they are wanted. */
    InputStream open(long from, long length) {
        return new SequenceInputStream(slice(head, from, length), slice(update, from - head.length, length));
    }

    /** Those of the bytes {@code from} to {@code from + length} that are in the array. */
    private static InputStream slice(byte[] array, long from, long length) {
        long begin = Math.clamp(from, 0, (long) array.length);
        long end = Math.clamp(from + length, begin, (long) array.length);
        return new ByteArrayInputStream(array, (int) begin, (int) (end - begin));
    }
}
