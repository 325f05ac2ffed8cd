package dev.weft.yjs;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Anything that a document may hold, as JSON with keys in order: what src/test/js/document.mjs makes of it too. */
final class Shown {
    private Shown() {}

    static String show(@Nullable Object value) {
        return new String(JsonValues.stringify(plain(value)), java.nio.charset.StandardCharsets.UTF_8);
    }

    private static Object plain(@Nullable Object value) {
        return switch (value) {
            case null -> Values.Constant.NULL;
            case Undefined ignored -> "(undefined)";
            case BigInteger bigint -> bigint + "n";
            case Number number -> number.doubleValue();
            case byte[] bytes -> "bytes " + Oracle.base64(bytes);
            case YDoc doc -> "document " + doc.guid();
            case YType type -> plain(type.toJson());
            case DeltaOp step -> plain(raw(step));
            case List<?> list -> {
                List<Object> elements = new ArrayList<>();
                list.forEach(element -> elements.add(plain(element)));
                yield elements;
            }
            case Map<?, ?> map -> {
                Map<String, Object> properties = new TreeMap<>();
                map.forEach((key, property) -> properties.put("." + key, plain(property)));
                yield properties;
            }
            default -> value;
        };
    }

    private static Map<String, @Nullable Object> raw(DeltaOp step) {
        Map<String, @Nullable Object> json = new TreeMap<>(step.toJson());
        if (step instanceof DeltaOp.Insert insert) {
            json.put("insert", insert.content());
        }
        return json;
    }

    /** The content of a document. */
    static String content(YDoc doc) {
        return show(Map.of(
                "text", doc.getText("text").toDelta(),
                "string", doc.getText("text").toString(),
                "array", doc.getArray("array").toJson(),
                "map", doc.getMap("map").toJson(),
                "xml", doc.getXmlFragment("xml").toString(),
                "pending", doc.hasPending()));
    }
}
