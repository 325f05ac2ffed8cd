package dev.weft.auth;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A {@code multipart/form-data} body (RFC 7578, RFC 2046 section 5.1) that is already in memory and so already bounded. In wire order:
 *
 * <pre>
 *   { "--" boundary CRLF { header CRLF } CRLF content CRLF } "--" boundary "--"
 * </pre>
 */
final class MultipartForm {
    private static final int MAX_PARTS = 16;
    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final byte[] BLANK_LINE = {'\r', '\n', '\r', '\n'};
    private static final Pattern BOUNDARY =
            Pattern.compile(";\\s*boundary=(?:\"([^\"\\r\\n]{1,70})\"|([^\\s;\"]{1,70}))", Pattern.CASE_INSENSITIVE);
    private static final Pattern NAME = Pattern.compile(
            "^content-disposition:\\s*form-data\\b[^\\r\\n]*?;\\s*name=\"([^\"\\r\\n]*)\"",
            Pattern.CASE_INSENSITIVE | Pattern.MULTILINE);

    private final byte[] body;
    private final byte[] delimiter;

    private MultipartForm(byte[] body, byte[] delimiter) {
        this.body = body;
        this.delimiter = delimiter;
    }

    /**
     * The content of the first field of that name; empty if the form has none. The array is the caller's own.
     *
     * @throws IllegalArgumentException if the body is no such form, saying where it ceases to be one
     */
    static Optional<byte[]> field(String contentType, byte[] body, String name) {
        Matcher boundary = BOUNDARY.matcher(contentType);
        if (!contentType.regionMatches(true, 0, "multipart/form-data", 0, 19) || !boundary.find()) {
            throw new IllegalArgumentException("Content-Type is not multipart/form-data with a boundary");
        }
        String text = boundary.group(1) != null ? boundary.group(1) : boundary.group(2);
        return new MultipartForm(body, ("\r\n--" + text).getBytes(StandardCharsets.ISO_8859_1)).find(name);
    }

    private Optional<byte[]> find(String name) {
        // The first delimiter stands at the very start, without the line end that belongs to the others.
        int firstLength = delimiter.length - 2;
        if (body.length < firstLength || !Arrays.equals(body, 0, firstLength, delimiter, 2, delimiter.length)) {
            throw malformed("no boundary", 0);
        }
        int at = firstLength;
        for (int part = 0; part < MAX_PARTS; part++) {
            if (startsWith(at, "--")) {
                return Optional.empty();
            }
            if (!startsWith(at, "\r\n")) {
                throw malformed("no line end after a boundary", at);
            }
            int headersEnd = indexOf(BLANK_LINE, at, Math.min(body.length, at + MAX_HEADER_BYTES));
            if (headersEnd < 0) {
                throw malformed("no end of a part's headers", at);
            }
            int content = headersEnd + BLANK_LINE.length;
            int contentEnd = indexOf(delimiter, content, body.length);
            if (contentEnd < 0) {
                throw malformed("no boundary after a part", content);
            }
            String headers = new String(body, at + 2, headersEnd - at, StandardCharsets.UTF_8);
            Matcher found = NAME.matcher(headers);
            if (found.find() && found.group(1).equals(name)) {
                return Optional.of(Arrays.copyOfRange(body, content, contentEnd));
            }
            at = contentEnd + delimiter.length;
        }
        throw malformed("more than " + MAX_PARTS + " parts", at);
    }

    private boolean startsWith(int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return at + bytes.length <= body.length && Arrays.equals(body, at, at + bytes.length, bytes, 0, bytes.length);
    }

    private int indexOf(byte[] wanted, int from, int to) {
        for (int i = from; i + wanted.length <= to; i++) {
            if (body[i] == wanted[0] && Arrays.equals(body, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    private static IllegalArgumentException malformed(String reason, int offset) {
        return new IllegalArgumentException("malformed form: " + reason + " at byte " + offset);
    }
}
