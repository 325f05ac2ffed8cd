package dev.weft.server;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** JavaScript's {@code encodeURIComponent}. */
final class UriComponent {
    private static final String UNRESERVED = "-_.!~*'()";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private UriComponent() {}

    static String encode(String text) {
        StringBuilder encoded = new StringBuilder(text.length() + 16);
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xff);
            boolean plain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || UNRESERVED.indexOf(c) >= 0;
            if (plain) {
                encoded.append(c);
            } else {
                HEX.toHexDigits(encoded.append('%'), b);
            }
        }
        return encoded.toString();
    }
}
