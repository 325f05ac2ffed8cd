package dev.weft.yjs;

import java.nio.charset.StandardCharsets;

/**
 * A scanner that tells whether text is JSON as {@code JSON.parse} takes it, without building anything. The text is known
 * to be UTF-8 already. Time is linear, depth bounded by {@link #MAX_DEPTH}.
 */
final class JsonSyntax {
    /** Clients walk values recursively; far below where the first of them runs out of stack, far above real documents. */
    static final int MAX_DEPTH = 500;

    private static final byte[] TRUE = "true".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] FALSE = "false".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] NULL = "null".getBytes(StandardCharsets.US_ASCII);

    private final byte[] bytes;
    private final int end;
    private int position;

    private JsonSyntax(byte[] bytes, int from, int to) {
        this.bytes = bytes;
        this.position = from;
        this.end = to;
    }

    static void check(byte[] bytes, int from, int to) {
        JsonSyntax scanner = new JsonSyntax(bytes, from, to);
        scanner.value(0);
        scanner.whitespace();
        if (scanner.position != to) {
            throw scanner.unexpected("the end of the JSON text");
        }
    }

    /** Whether the text is JSON {@code null}, with whitespace around it or without. */
    static boolean isNull(byte[] bytes) {
        int from = 0;
        int to = bytes.length;
        while (from < to && isWhitespace(bytes[from])) {
            from++;
        }
        while (from < to && isWhitespace(bytes[to - 1])) {
            to--;
        }
        return to - from == NULL.length && startsWith(bytes, from, NULL);
    }

    private void value(int depth) {
        whitespace();
        switch (peek()) {
            case '{' -> object(depth + 1);
            case '[' -> array(depth + 1);
            case '"' -> string();
            case 't' -> word(TRUE);
            case 'f' -> word(FALSE);
            case 'n' -> word(NULL);
            default -> number();
        }
    }

    private void object(int depth) {
        limit(depth);
        position++;
        whitespace();
        if (peek() == '}') {
            position++;
            return;
        }
        while (true) {
            whitespace();
            if (peek() != '"') {
                throw unexpected("a JSON key");
            }
            string();
            whitespace();
            if (peek() != ':') {
                throw unexpected("':' in JSON");
            }
            position++;
            value(depth);
            whitespace();
            int next = peek();
            if (next != ',' && next != '}') {
                throw unexpected("',' or '}' in JSON");
            }
            position++;
            if (next == '}') {
                return;
            }
        }
    }

    private void array(int depth) {
        limit(depth);
        position++;
        whitespace();
        if (peek() == ']') {
            position++;
            return;
        }
        while (true) {
            value(depth);
            whitespace();
            int next = peek();
            if (next != ',' && next != ']') {
                throw unexpected("',' or ']' in JSON");
            }
            position++;
            if (next == ']') {
                return;
            }
        }
    }

    private void string() {
        position++;
        while (true) {
            int c = peek();
            if (c >= 0 && c < ' ') {
                throw unexpected("no control character in a JSON string");
            }
            if (c < 0 && position >= end) {
                throw unexpected("'\"' in JSON");
            }
            position++;
            if (c == '"') {
                return;
            }
            if (c == '\\') {
                escape();
            }
        }
    }

    private void escape() {
        int c = peek();
        if (c == 'u') {
            for (int i = 1; i <= 4; i++) {
                if (position + i >= end || Character.digit(bytes[position + i], 16) < 0) {
                    throw unexpected("four hexadecimal digits in JSON");
                }
            }
            position += 5;
        } else if (c > 0 && "\"\\/bfnrt".indexOf(c) >= 0) {
            position++;
        } else {
            throw unexpected("an escape sequence of JSON");
        }
    }

    private void number() {
        if (peek() == '-') {
            position++;
        }
        if (peek() == '0') {
            position++;
        } else {
            digits();
        }
        if (peek() == '.') {
            position++;
            digits();
        }
        if (peek() == 'e' || peek() == 'E') {
            position++;
            if (peek() == '+' || peek() == '-') {
                position++;
            }
            digits();
        }
    }

    private void digits() {
        if (!isDigit(peek())) {
            throw unexpected("a JSON value");
        }
        while (isDigit(peek())) {
            position++;
        }
    }

    private void word(byte[] word) {
        if (end - position < word.length || !startsWith(bytes, position, word)) {
            throw unexpected("a JSON value");
        }
        position += word.length;
    }

    private void whitespace() {
        while (position < end && isWhitespace(bytes[position])) {
            position++;
        }
    }

    private void limit(int depth) {
        if (depth > MAX_DEPTH) {
            throw unexpected("JSON of at most " + MAX_DEPTH + " levels");
        }
    }

    /** The byte at the position, negative where it is not ASCII or the text has ended. */
    private int peek() {
        return position < end ? bytes[position] : -1;
    }

    private MalformedException unexpected(String what) {
        return new MalformedException(position, what + " was expected");
    }

    private static boolean startsWith(byte[] bytes, int from, byte[] word) {
        for (int i = 0; i < word.length; i++) {
            if (bytes[from + i] != word[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isWhitespace(int c) {
        return c == ' ' || c == '\n' || c == '\r' || c == '\t';
    }
}
