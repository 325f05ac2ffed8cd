package dev.weft.yjs;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes {@link Values} as JSON, to the byte as {@code JSON.parse} and {@code JSON.stringify} do. */
final class JsonValues {
    /** Up to here JavaScript writes a number without exponent. */
    private static final int MAX_PLAIN_DIGITS = 21;

    private static final int MAX_LEADING_ZEROS = 6;

    private final String text;
    private int position;

    private JsonValues(String text) {
        this.text = text;
    }

    /** @throws MalformedException if the bytes are no JSON, or deeper than {@link JsonSyntax#MAX_DEPTH} */
    static Object parse(byte[] bytes, int from, int to) {
        JsonSyntax.check(bytes, from, to);
        return new JsonValues(new String(bytes, from, to - from, StandardCharsets.UTF_8)).value();
    }

    // From here on the syntax is known to be right.

    private Object value() {
        whitespace();
        return switch (text.charAt(position)) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", Values.Constant.NULL);
            default -> number();
        };
    }

    private Map<String, Object> object() {
        Map<String, Object> properties = new LinkedHashMap<>();
        position++;
        whitespace();
        while (text.charAt(position) != '}') {
            skipComma();
            String key = string();
            whitespace();
            position++;
            properties.put(key, value());
            whitespace();
        }
        position++;
        return Values.ordered(properties);
    }

    private List<Object> array() {
        List<Object> elements = new ArrayList<>();
        position++;
        whitespace();
        while (text.charAt(position) != ']') {
            skipComma();
            elements.add(value());
            whitespace();
        }
        position++;
        return elements;
    }

    private void skipComma() {
        if (text.charAt(position) == ',') {
            position++;
            whitespace();
        }
    }

    private String string() {
        StringBuilder string = new StringBuilder();
        position++;
        for (char c = text.charAt(position++); c != '"'; c = text.charAt(position++)) {
            string.append(c == '\\' ? escaped() : c);
        }
        return string.toString();
    }

    private char escaped() {
        char c = text.charAt(position++);
        return switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> {
                position += 4;
                yield (char) Integer.parseInt(text, position - 4, position, 16);
            }
            default -> c;
        };
    }

    private Object number() {
        int start = position;
        while (position < text.length() && "+-.eE0123456789".indexOf(text.charAt(position)) >= 0) {
            position++;
        }
        return Double.valueOf(text.substring(start, position));
    }

    private Object word(String word, Object value) {
        position += word.length();
        return value;
    }

    private void whitespace() {
        while (position < text.length() && text.charAt(position) <= ' ') {
            position++;
        }
    }

    /** The JSON of a value. {@code undefined}, which JSON does not know, becomes {@code null}, and is left out of objects. */
    static byte[] stringify(Object value) {
        StringBuilder json = new StringBuilder();
        write(json, value);
        return Utf8.encode(json.toString());
    }

    private static void write(StringBuilder json, Object value) {
        switch (value) {
            case Values.Constant ignored -> json.append("null");
            case Boolean bool -> json.append(bool.booleanValue());
            case Double number -> json.append(number(number));
            case Long bigint -> json.append(bigint.longValue());
            case String string -> string(json, string);
            case byte[] bytes -> write(json, Values.ofBytes(bytes));
            case List<?> elements -> {
                String separator = "[";
                for (Object element : elements) {
                    write(json.append(separator), element);
                    separator = ",";
                }
                json.append(elements.isEmpty() ? "[]" : "]");
            }
            case Map<?, ?> properties -> {
                int start = json.length();
                properties.forEach((key, property) -> {
                    if (property != Values.Constant.UNDEFINED) {
                        string(json.append(json.length() == start ? '{' : ','), (String) key);
                        write(json.append(':'), property);
                    }
                });
                json.append(json.length() == start ? "{}" : "}");
            }
            default -> throw new IllegalArgumentException("no value of JavaScript: " + value.getClass());
        }
    }

    private static void string(StringBuilder json, String string) {
        json.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"', '\\' -> json.append('\\').append(c);
                case '\b' -> json.append("\\b");
                case '\f' -> json.append("\\f");
                case '\n' -> json.append("\\n");
                case '\r' -> json.append("\\r");
                case '\t' -> json.append("\\t");
                default -> {
                    if (c < ' ') {
                        json.append("\\u00")
                                .append(Character.forDigit(c >> 4, 16))
                                .append(Character.forDigit(c & 0xf, 16));
                    } else {
                        json.append(c);
                    }
                }
            }
        }
        json.append('"');
    }

    /** A number as JavaScript writes it (ECMAScript, Number::toString): the fewest digits that mean it. */
    private static String number(double number) {
        if (!Double.isFinite(number)) {
            return "null";
        }
        if (number == 0) {
            return "0";
        }
        BigDecimal decimal = shortest(Math.abs(number));
        String digits = decimal.unscaledValue().toString();
        int point = digits.length() - decimal.scale();
        String plain;
        if (point > MAX_PLAIN_DIGITS || point <= -MAX_LEADING_ZEROS) {
            int exponent = point - 1;
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            plain = digits.charAt(0) + fraction + (exponent < 0 ? "e" : "e+") + exponent;
        } else if (point <= 0) {
            plain = "0." + "0".repeat(-point) + digits;
        } else if (point >= digits.length()) {
            plain = digits + "0".repeat(point - digits.length());
        } else {
            plain = digits.substring(0, point) + "." + digits.substring(point);
        }
        return number < 0 ? "-" + plain : plain;
    }

    private static BigDecimal shortest(double number) {
        BigDecimal decimal = new BigDecimal(Double.toString(number)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            // Java writes two digits at least: 4.9E-324 where JavaScript has 5e-324.
            BigDecimal oneDigit = decimal.round(new MathContext(1));
            return oneDigit.doubleValue() == number ? oneDigit.stripTrailingZeros() : decimal;
        }
        return decimal;
    }
}
