package dev.weft.yjs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads and writes {@link Values} in the encoding that {@link Any} describes, as lib0's {@code readAny} and {@code writeAny}. */
final class AnyValues {
    private static final double MAX_INTEGER = Integer.MAX_VALUE;

    private AnyValues() {}

    static Object read(Input in) {
        return read(in, 0);
    }

    private static Object read(Input in, int depth) {
        int at = in.position();
        int type = in.uint8();
        return switch (type) {
            case Any.UNDEFINED -> Values.Constant.UNDEFINED;
            case Any.NULL -> Values.Constant.NULL;
            case Any.FALSE -> false;
            case Any.TRUE -> true;
            case Any.INTEGER -> {
                long signed = in.signedVarInt();
                double magnitude = signed >>> 1;
                yield (signed & 1) == 0 ? magnitude : -magnitude;
            }
            case Any.FLOAT32 -> (double) Float.intBitsToFloat((int) bigEndian(in, Float.BYTES));
            case Any.FLOAT64 -> Double.longBitsToDouble(bigEndian(in, Double.BYTES));
            case Any.BIGINT -> bigEndian(in, Long.BYTES);
            case Any.STRING -> string(in);
            case Any.BYTES -> buffer(in);
            case Any.OBJECT -> {
                Any.limit(depth, at);
                Map<String, Object> properties = new LinkedHashMap<>();
                for (int left = in.count(2, "properties"); left > 0; left--) {
                    properties.put(string(in), read(in, depth + 1));
                }
                yield Values.ordered(properties);
            }
            case Any.ARRAY -> {
                Any.limit(depth, at);
                List<Object> elements = new ArrayList<>();
                for (int left = in.count(1, "elements"); left > 0; left--) {
                    elements.add(read(in, depth + 1));
                }
                yield elements;
            }
            default -> throw new MalformedException(at, "a type of value was expected, not " + type);
        };
    }

    private static long bigEndian(Input in, int bytes) {
        long value = 0;
        for (int i = 0; i < bytes; i++) {
            value = (value << 8) | in.uint8();
        }
        return value;
    }

    private static String string(Input in) {
        int from = in.position();
        in.skipString();
        in.rewind(from);
        return new String(buffer(in), StandardCharsets.UTF_8);
    }

    private static byte[] buffer(Input in) {
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        return Arrays.copyOfRange(in.bytes(), from, from + length);
    }

    static void write(Output out, Object value) {
        switch (value) {
            case Values.Constant constant -> out.uint8(constant == Values.Constant.NULL ? Any.NULL : Any.UNDEFINED);
            case Boolean bool -> out.uint8(bool ? Any.TRUE : Any.FALSE);
            case Double number -> number(out, number);
            case Long bigint -> bigEndian(out.uint8(Any.BIGINT), bigint, Long.BYTES);
            case String text -> out.uint8(Any.STRING).buffer(Utf8.encode(text));
            case byte[] bytes -> out.uint8(Any.BYTES).buffer(bytes);
            case List<?> elements -> {
                out.uint8(Any.ARRAY).varUint(elements.size());
                elements.forEach(element -> write(out, element));
            }
            case Map<?, ?> properties -> {
                out.uint8(Any.OBJECT).varUint(properties.size());
                properties.forEach((key, property) -> {
                    out.buffer(Utf8.encode((String) key));
                    write(out, property);
                });
            }
            default -> throw new IllegalArgumentException("no value of JavaScript: " + value.getClass());
        }
    }

    private static void number(Output out, double number) {
        double magnitude = Math.abs(number);
        if (magnitude <= MAX_INTEGER && magnitude == Math.rint(magnitude)) {
            boolean negative = Double.doubleToRawLongBits(number) < 0;
            out.uint8(Any.INTEGER).varInt((long) magnitude, negative);
        } else if ((float) number == number) {
            bigEndian(out.uint8(Any.FLOAT32), Float.floatToIntBits((float) number), Float.BYTES);
        } else {
            bigEndian(out.uint8(Any.FLOAT64), Double.doubleToLongBits(number), Double.BYTES);
        }
    }

    private static void bigEndian(Output out, long value, int bytes) {
        for (int shift = Byte.SIZE * (bytes - 1); shift >= 0; shift -= Byte.SIZE) {
            out.uint8((int) (value >>> shift));
        }
    }
}
