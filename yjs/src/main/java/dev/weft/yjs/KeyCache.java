package dev.weft.yjs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The strings of keys and roots that were read lately. A document names few of them very often; finding one by its bytes is cheaper
 * than making it again, and the document holds it once.
 */
final class KeyCache {
    private static final int SLOTS = 512;
    private static final int MAX_BYTES = 32;

    private final @Nullable Entry[] entries = new Entry[SLOTS];

    private record Entry(byte[] bytes, String string) {}

    /** The string at a position of the input, which stays where it is. */
    String read(Input in, int at) {
        int back = in.position();
        in.rewind(at);
        int length = in.byteLength();
        int from = in.position();
        String string = length <= MAX_BYTES ? cached(in, at, from, from + length) : slow(in, at);
        in.rewind(back);
        return string;
    }

    private String cached(Input in, int at, int from, int to) {
        byte[] source = in.bytes();
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + source[i];
        }
        int slot = (hash ^ (hash >>> 9)) & (SLOTS - 1);
        Entry entry = entries[slot];
        if (entry == null || !Arrays.equals(entry.bytes, 0, entry.bytes.length, source, from, to)) {
            entry = new Entry(Arrays.copyOfRange(source, from, to), slow(in, at));
            entries[slot] = entry;
        }
        return entry.string;
    }

    private static String slow(Input in, int at) {
        in.rewind(at);
        return Texts.read(in);
    }
}
