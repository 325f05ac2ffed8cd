package dev.weft.yjs;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Values of JavaScript as users of {@link YDoc} see them, described there: {@code null}, {@link Undefined}, {@link Boolean},
 * {@link Long} or {@link Double} for a number, {@link BigInteger} for a bigint, {@link String}, byte array, and unmodifiable
 * {@link List} and {@link Map}. {@link Values} is the form between them and the bytes.
 */
final class JsValues {
    private static final double MAX_SAFE = Input.MAX_INTEGER;

    private JsValues() {}

    static @Nullable Object readAny(Input in) {
        return fromValue(AnyValues.read(in));
    }

    /** One string of JSON, or {@code undefined}. */
    static @Nullable Object readJson(Input in) {
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        boolean undefined = in.bytes()[from] == 'u';
        return undefined ? Undefined.UNDEFINED : fromValue(JsonValues.parse(in.bytes(), from, from + length));
    }

    static @Nullable Object parseJson(byte[] json) {
        return fromValue(JsonValues.parse(json, 0, json.length));
    }

    static byte[] toAny(@Nullable Object value) {
        Output out = new Output(16);
        writeAny(out, value);
        return out.toByteArray();
    }

    static void writeAny(Output out, @Nullable Object value) {
        AnyValues.write(out, toValue(value, 0));
    }

    static byte[] toJson(@Nullable Object value) {
        return JsonValues.stringify(toValue(value, 0));
    }

    /**
     * The value as it will be read again: numbers in their one form, collections copied.
     *
     * @throws IllegalArgumentException if JavaScript has no such value
     */
    static @Nullable Object normalised(@Nullable Object value) {
        return fromValue(toValue(value, 0));
    }

    private static @Nullable Object fromValue(Object value) {
        return switch (value) {
            case Values.Constant constant -> constant == Values.Constant.NULL ? null : Undefined.UNDEFINED;
            case Double number -> number(number);
            case Long bigint -> BigInteger.valueOf(bigint);
            case List<?> elements -> {
                List<@Nullable Object> list = new ArrayList<>(elements.size());
                for (Object element : elements) {
                    list.add(fromValue(element));
                }
                yield Collections.unmodifiableList(list);
            }
            case Map<?, ?> properties -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                properties.forEach((key, property) -> map.put((String) key, fromValue(property)));
                yield Collections.unmodifiableMap(map);
            }
            default -> value;
        };
    }

    private static Object number(double number) {
        boolean integral = number == Math.rint(number) && Math.abs(number) <= MAX_SAFE;
        boolean negativeZero = number == 0 && Double.doubleToRawLongBits(number) != 0;
        return integral && !negativeZero ? (Object) (long) number : (Object) number;
    }

    private static Object toValue(@Nullable Object value, int depth) {
        if (depth > JsonSyntax.MAX_DEPTH) {
            throw new IllegalArgumentException("values may be nested " + JsonSyntax.MAX_DEPTH + " levels deep at most");
        }
        return switch (value) {
            case null -> Values.Constant.NULL;
            case Undefined ignored -> Values.Constant.UNDEFINED;
            case Boolean bool -> bool;
            case String text -> text;
            case Long number -> fromLong(number);
            case BigInteger bigint -> bigint.longValue();
            case Number number -> number.doubleValue();
            case Character character -> character.toString();
            case byte[] bytes -> bytes.clone();
            case List<?> elements -> {
                List<Object> list = new ArrayList<>(elements.size());
                for (Object element : elements) {
                    list.add(toValue(element, depth + 1));
                }
                yield list;
            }
            case Map<?, ?> properties -> {
                Map<String, Object> map = new LinkedHashMap<>();
                properties.forEach((key, property) -> map.put(key(key), toValue(property, depth + 1)));
                yield Values.ordered(map);
            }
            default -> throw new IllegalArgumentException("no value of JavaScript: " + value.getClass());
        };
    }

    private static String key(@Nullable Object key) {
        if (key instanceof String text) {
            return text;
        }
        throw new IllegalArgumentException("the keys of a map must be strings, not " + key);
    }

    private static Object fromLong(long number) {
        if (Math.abs((double) number) > MAX_SAFE) {
            throw new IllegalArgumentException(
                    number + " is no exact number in JavaScript: pass a double, or a BigInteger for a bigint");
        }
        return (double) number;
    }

    static boolean isTruthy(@Nullable Object value) {
        return switch (value) {
            case null -> false;
            case Undefined ignored -> false;
            case Boolean bool -> bool;
            case String text -> !text.isEmpty();
            case BigInteger bigint -> bigint.signum() != 0;
            case Number number -> number.doubleValue() != 0 && !Double.isNaN(number.doubleValue());
            default -> true;
        };
    }

    /** {@code a === b}. */
    @SuppressWarnings("ReferenceEquality") // objects are equal to themselves alone
    static boolean isSame(@Nullable Object a, @Nullable Object b) {
        if (a instanceof BigInteger || b instanceof BigInteger) {
            return Objects.equals(a, b);
        }
        if (a instanceof Number first && b instanceof Number second) {
            return first.doubleValue() == second.doubleValue();
        }
        if (a instanceof String || a instanceof Boolean) {
            return a.equals(b);
        }
        return a == b;
    }

    /** Whether two values of an attribute are equal to Yjs: the same, or objects whose properties are the same. */
    static boolean areEqual(@Nullable Object a, @Nullable Object b) {
        if (isSame(a, b)) {
            return true;
        }
        if (a == null || b == null || !isObject(a) || !isObject(b)) {
            return false;
        }
        Map<String, @Nullable Object> first = properties(a);
        Map<String, @Nullable Object> second = properties(b);
        if (first.size() != second.size()) {
            return false;
        }
        for (Map.Entry<String, @Nullable Object> property : first.entrySet()) {
            if (!second.containsKey(property.getKey()) || !isSame(property.getValue(), second.get(property.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isObject(Object value) {
        return value instanceof Map || value instanceof List || value instanceof byte[];
    }

    /** What {@code for (key in value)} lists: properties, indices, or the characters of a string. */
    static Map<String, @Nullable Object> properties(@Nullable Object value) {
        Map<String, @Nullable Object> properties = new LinkedHashMap<>();
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, property) -> properties.put((String) key, property));
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    properties.put(Integer.toString(i), list.get(i));
                }
            }
            case byte[] bytes -> {
                for (int i = 0; i < bytes.length; i++) {
                    properties.put(Integer.toString(i), (long) (bytes[i] & 0xff));
                }
            }
            case String text -> {
                for (int i = 0; i < text.length(); i++) {
                    properties.put(Integer.toString(i), String.valueOf(text.charAt(i)));
                }
            }
            case null -> {}
            default -> {}
        }
        return properties;
    }

    /** {@code String(value)}. */
    static String toText(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case String text -> text;
            case Double number -> numberText(number);
            case byte[] bytes -> {
                StringBuilder text = new StringBuilder();
                for (int i = 0; i < bytes.length; i++) {
                    text.append(i == 0 ? "" : ",").append(bytes[i] & 0xff);
                }
                yield text.toString();
            }
            case List<?> elements -> {
                StringBuilder text = new StringBuilder();
                String separator = "";
                for (Object element : elements) {
                    boolean empty = element == null || element == Undefined.UNDEFINED;
                    text.append(separator).append(empty ? "" : toText(element));
                    separator = ",";
                }
                yield text.toString();
            }
            case Map<?, ?> ignored -> "[object Object]";
            default -> value.toString();
        };
    }

    private static String numberText(double number) {
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "Infinity" : "-Infinity";
        }
        return new String(JsonValues.stringify(number), java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** Copies of all attributes that can be kept, in JavaScript's order. */
    static Map<String, @Nullable Object> attributes(Map<String, ?> attributes) {
        Map<String, Object> values = new LinkedHashMap<>();
        attributes.forEach((key, value) -> {
            if (value == Undefined.UNDEFINED) {
                throw new IllegalArgumentException("an attribute cannot be undefined; null removes it");
            }
            values.put(key(key), toValue(value, 1));
        });
        Map<String, @Nullable Object> result = new LinkedHashMap<>();
        Values.ordered(values).forEach((key, value) -> result.put(key, fromValue(value)));
        return result;
    }

    static Map<String, @Nullable Object> copyOf(Map<String, @Nullable Object> attributes) {
        return attributes.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** The same properties in JavaScript's order. */
    static Map<String, @Nullable Object> ordered(Map<String, @Nullable Object> properties) {
        return Values.ordered(properties);
    }
}
