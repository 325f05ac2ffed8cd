package dev.weft.yjs;

import java.nio.charset.StandardCharsets;

/** Strings in lib0's encoding: varUint byte length, UTF-8. */
final class Texts {
    private Texts() {}

    static String read(Input in) {
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        return new String(in.bytes(), from, length, StandardCharsets.UTF_8);
    }

    static void write(Output out, String text) {
        // The JDK's own encoder is many times faster, but writes "?" for half a surrogate pair.
        out.buffer(hasLoneSurrogate(text) ? Utf8.encode(text) : text.getBytes(StandardCharsets.UTF_8));
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                boolean pair = Character.isHighSurrogate(text.charAt(i))
                        && i + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(i + 1));
                if (!pair) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
