package dev.weft.worker;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.weft.room.RoomName;
import dev.weft.yjs.DeltaOp;
import dev.weft.yjs.RootKind;
import dev.weft.yjs.Undefined;
import dev.weft.yjs.YDoc;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A document as JSON, for receivers without Yjs:
 *
 * <pre>
 * {"room": "minutes", "roots": {
 *   "body":  {"type": "text", "text": "hello", "delta": [{"insert": "hello", "attributes": {"bold": true}}]},
 *   "page":  {"type": "xml", "text": "&lt;paragraph&gt;hello&lt;/paragraph&gt;"},
 *   "meta":  {"type": "map", "value": {"title": "Minutes"}},
 *   "todo":  {"type": "array", "value": [1, 2]},
 *   "blank": {"type": "unknown"}}}
 * </pre>
 *
 * The types are guessed from the content ({@link YDoc#likelyKind}). {@code undefined}, and numbers that JSON does not have, become null; bytes
 * become Base64.
 */
final class DocumentJson {
    private static final ObjectMapper MAPPER = new ObjectMapper()
            .registerModule(new SimpleModule()
                    .addSerializer(Undefined.class, new UndefinedAsNull())
                    .addSerializer(Double.class, new StrangeNumbersAsNull()));

    private DocumentJson() {}

    /** UTF-8. The document is in memory as a tree meanwhile, at many times its bytes. */
    static byte[] of(RoomName room, byte[] update) {
        YDoc doc = new YDoc();
        doc.applyUpdate(update);
        Map<String, Object> roots = new LinkedHashMap<>();
        for (String name : new TreeSet<>(doc.rootNames())) {
            roots.put(name, root(doc, name));
        }
        try {
            return MAPPER.writeValueAsBytes(Map.of("room", room.value(), "roots", roots));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // plain values
        }
    }

    private static Map<String, @Nullable Object> root(YDoc doc, String name) {
        RootKind kind = doc.likelyKind(name);
        Map<String, @Nullable Object> root = new LinkedHashMap<>();
        root.put("type", kind.name().toLowerCase(Locale.ROOT));
        switch (kind) {
            case TEXT -> {
                root.put("text", doc.getText(name).toString());
                root.put(
                        "delta",
                        doc.getText(name).toDelta().stream()
                                .map(DeltaOp::toJson)
                                .toList());
            }
            case XML -> root.put("text", doc.getXmlFragment(name).toString());
            case MAP -> root.put("value", doc.getMap(name).toJson());
            case ARRAY -> root.put("value", doc.getArray(name).toJson());
            case UNKNOWN -> {}
        }
        return root;
    }

    private static final class UndefinedAsNull extends JsonSerializer<Undefined> {
        @Override
        public void serialize(Undefined value, JsonGenerator out, SerializerProvider provider) throws IOException {
            out.writeNull();
        }
    }

    private static final class StrangeNumbersAsNull extends JsonSerializer<Double> {
        @Override
        public void serialize(Double value, JsonGenerator out, SerializerProvider provider) throws IOException {
            if (Double.isFinite(value)) {
                out.writeNumber(value);
            } else {
                out.writeNull();
            }
        }
    }
}
