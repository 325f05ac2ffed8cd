package dev.weft.yjs;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Values of JavaScript on their way between JSON (update V1) and {@code any} (update V2), as Java objects: {@link Constant},
 * {@link Boolean}, {@link Double}, {@link Long} for a bigint, {@link String}, byte array, {@link List} and {@link Map}.
 */
final class Values {
    /** The largest index of a JavaScript array, less one; keys that look like one come first in an object. */
    private static final long MAX_INDEX = 0xffff_fffeL;

    private static final int MAX_INDEX_DIGITS = 10;

    enum Constant {
        UNDEFINED,
        NULL
    }

    private Values() {}

    /** The properties of an object in the order in which JavaScript lists them: indices ascending, then the rest as it came. */
    static Map<String, Object> ordered(Map<String, Object> properties) {
        TreeMap<Long, String> indices = new TreeMap<>();
        for (String key : properties.keySet()) {
            if (isIndex(key)) {
                indices.put(Long.valueOf(key), key);
            }
        }
        if (indices.isEmpty()) {
            return properties;
        }
        Map<String, Object> ordered = new LinkedHashMap<>();
        for (String key : indices.values()) {
            ordered.put(key, properties.getOrDefault(key, Constant.UNDEFINED));
        }
        properties.forEach(ordered::putIfAbsent);
        return ordered;
    }

    private static boolean isIndex(String key) {
        if (key.isEmpty() || key.length() > MAX_INDEX_DIGITS || (key.charAt(0) == '0' && key.length() > 1)) {
            return false;
        }
        return key.chars().allMatch(c -> c >= '0' && c <= '9') && Long.parseLong(key) <= MAX_INDEX;
    }

    /** What {@code JSON.stringify} makes of a byte array: an object of its indices. */
    static Map<String, Object> ofBytes(byte[] bytes) {
        Map<String, Object> properties = new LinkedHashMap<>();
        for (int i = 0; i < bytes.length; i++) {
            properties.put(Integer.toString(i), (double) (bytes[i] & 0xff));
        }
        return properties;
    }
}
