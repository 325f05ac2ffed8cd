package dev.weft.yjs;

import java.nio.charset.StandardCharsets;

/** Updates written by hand: {@code Bytes.update(7, 0, Bytes.text("a"))}. */
final class Bytes {
    private Bytes() {}

    /** Numbers as varUint, strings as lib0 strings, arrays as they are. */
    static byte[] of(Object... parts) {
        Output out = new Output(16);
        for (Object part : parts) {
            switch (part) {
                case Integer number -> out.varUint(number);
                case Long number -> out.varUint(number);
                case String text -> out.buffer(text.getBytes(StandardCharsets.UTF_8));
                case byte[] bytes -> out.copy(bytes, 0, bytes.length);
                default -> throw new IllegalArgumentException(part.toString());
            }
        }
        return out.toByteArray();
    }

    /** An update with one struct and no deletion. */
    static byte[] update(long client, long clock, byte[] struct) {
        return of(1, 1, client, clock, struct, 0);
    }

    /** An item without origins, in the root type "t". */
    static byte[] item(int kind, Object... content) {
        return of(new byte[] {(byte) kind, 1}, "t", of(content));
    }

    /** An item with an origin. */
    static byte[] itemAfter(int kind, long originClient, long originClock, Object... content) {
        return of(new byte[] {(byte) (kind | StructReader.HAS_ORIGIN)}, originClient, originClock, of(content));
    }

    static byte[] text(String text) {
        return item(StructReader.STRING, text);
    }

    static byte[] gc(long length) {
        return of(new byte[] {StructReader.GC}, length);
    }

    static byte[] skip(long length) {
        return of(new byte[] {StructReader.SKIP}, length);
    }
}
