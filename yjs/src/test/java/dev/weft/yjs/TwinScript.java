package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What twins do: steps that are run here and described as JSON for src/test/js/document.mjs. */
final class TwinScript {
    static final List<String> ROOTS = List.of("text", "array", "map", "xml");

    private TwinScript() {}

    /**
     * One change of one type.
     *
     * @param path the name of a root, then indices and keys
     * @param action as document.mjs names it
     */
    record Step(String action, List<Object> path, Map<String, @Nullable Object> parameters) {
        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("do", action);
            json.put("at", path);
            parameters.forEach((name, value) -> json.put(name, described(name, value)));
            return json;
        }

        private static @Nullable Object described(String name, @Nullable Object value) {
            if (value instanceof List<?> list && name.equals("steps")) {
                List<@Nullable Object> steps = new ArrayList<>();
                for (Object step : list) {
                    steps.add(TwinScript.described(((DeltaOp) step).toJson()));
                }
                return steps;
            }
            return List.of("index", "length", "text", "key").contains(name) ? value : TwinScript.described(value);
        }

        void run(YDoc doc, List<String> told) {
            switch (at(doc, path)) {
                case YText text -> run(text);
                case YArray array -> run(array, told);
                case YMap map -> run(map);
                case YXmlFragment nodes -> run(nodes);
                default -> throw new IllegalArgumentException(action);
            }
        }

        private void run(YText text) {
            switch (action) {
                case "insert" -> {
                    if (parameters.containsKey("attributes")) {
                        text.insert(index(), text(), attributes());
                    } else {
                        text.insert(index(), text());
                    }
                }
                case "embed" -> {
                    Object embed = Objects.requireNonNull(value());
                    if (parameters.containsKey("attributes")) {
                        text.insertEmbed(index(), embed, attributes());
                    } else {
                        text.insertEmbed(index(), embed);
                    }
                }
                case "delete" -> text.delete(index(), length());
                case "format" -> text.format(index(), length(), attributes());
                case "delta" -> text.applyDelta(steps());
                case "setAttribute" -> text.setAttribute(key(), value());
                default -> text.removeAttribute(key());
            }
        }

        private void run(YArray array, List<String> told) {
            switch (action) {
                case "delete" -> array.delete(index(), length());
                case "list" -> array.insertAll(index(), values());
                case "push" -> array.pushAll(values());
                default -> told.add(Shown.show(array.get(index())));
            }
        }

        private void run(YMap map) {
            switch (action) {
                case "set" -> map.set(key(), value());
                case "remove" -> map.remove(key());
                default -> map.clear();
            }
        }

        private void run(YXmlFragment nodes) {
            switch (action) {
                case "delete" -> nodes.delete(index(), length());
                case "list" -> nodes.insert(index(), values().toArray(YType[]::new));
                case "setAttribute" -> ((YXmlElement) nodes).setAttribute(key(), value());
                default -> ((YXmlElement) nodes).removeAttribute(key());
            }
        }

        private Object required(String name) {
            return Objects.requireNonNull(parameters.get(name));
        }

        private int index() {
            return (int) required("index");
        }

        private int length() {
            return (int) required("length");
        }

        private String key() {
            return (String) required("key");
        }

        private String text() {
            return (String) required("text");
        }

        private @Nullable Object value() {
            return made(parameters.get("value"));
        }

        @SuppressWarnings("unchecked")
        private Map<String, @Nullable Object> attributes() {
            return (Map<String, @Nullable Object>) required("attributes");
        }

        @SuppressWarnings("unchecked")
        private List<DeltaOp> steps() {
            return (List<DeltaOp>) required("steps");
        }

        private List<@Nullable Object> values() {
            return madeAll((List<?>) required("values"));
        }
    }

    /** A type to be made: {@code kind} as document.mjs knows it. */
    record NewType(String kind, String name, @Nullable Object content) {
        YType make() {
            return switch (kind) {
                case "text" -> new YText(String.valueOf(content));
                case "array" ->
                    YArray.of(madeAll((List<?>) Objects.requireNonNull(content)).toArray());
                case "map" -> new YMap(madeEntries());
                case "element" -> element();
                case "fragment" -> new YXmlFragment();
                case "hook" -> new YXmlHook(name);
                default -> {
                    YXmlText text = new YXmlText(String.valueOf(content));
                    text.format(0, 2, Map.of("strong", Map.of("level", 1)));
                    yield text;
                }
            };
        }

        private YType element() {
            YXmlElement element = new YXmlElement(name);
            madeEntries().forEach(element::setAttribute);
            element.insert(0, new YXmlText("in " + name));
            return element;
        }

        private Map<String, @Nullable Object> madeEntries() {
            Map<String, @Nullable Object> made = new LinkedHashMap<>();
            ((Map<?, ?>) Objects.requireNonNull(content)).forEach((key, value) -> made.put((String) key, made(value)));
            return made;
        }
    }

    /** A subdocument to be made. */
    record NewDocument(
            String guid,
            boolean gc,
            boolean autoLoad,
            @Nullable Object meta) {
        YDoc make() {
            return new YDoc(YDocOptions.builder()
                    .guid(guid)
                    .gc(gc)
                    .autoLoad(autoLoad)
                    .meta(meta)
                    .build());
        }
    }

    static YType root(YDoc doc, String name) {
        return switch (name) {
            case "text" -> doc.getText(name);
            case "array" -> doc.getArray(name);
            case "map" -> doc.getMap(name);
            default -> doc.getXmlFragment(name);
        };
    }

    static YType at(YDoc doc, List<Object> path) {
        YType type = root(doc, (String) path.getFirst());
        for (Object step : path.subList(1, path.size())) {
            Object child = switch (type) {
                case YArray array -> array.get((Integer) step);
                case YMap map -> map.get((String) step);
                default -> ((YXmlFragment) type).get((Integer) step);
            };
            type = (YType) Objects.requireNonNull(child);
        }
        return type;
    }

    /** The value itself, or the new type or document that it describes. */
    static @Nullable Object made(@Nullable Object value) {
        if (value instanceof NewType type) {
            return type.make();
        }
        return value instanceof NewDocument document ? document.make() : value;
    }

    private static List<@Nullable Object> madeAll(List<?> values) {
        List<@Nullable Object> made = new ArrayList<>();
        values.forEach(value -> made.add(made(value)));
        return made;
    }

    /** A value as document.mjs reads it: what JSON does not have is an object with a {@code $}. */
    private static @Nullable Object described(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Undefined ignored -> Map.of("$", "undefined");
            case BigInteger bigint -> Map.of("$", "bigint", "v", bigint.toString());
            case byte[] bytes -> Map.of("$", "bytes", "v", Oracle.base64(bytes));
            case Double number -> Map.of("$", "double", "v", number.toString());
            case NewType type -> {
                Map<String, @Nullable Object> json = new LinkedHashMap<>();
                json.put("$", "type");
                json.put("kind", type.kind());
                json.put("name", type.name());
                json.put("v", described(type.content()));
                yield json;
            }
            case NewDocument document -> {
                Map<String, @Nullable Object> json = new LinkedHashMap<>();
                json.put("$", "document");
                json.put("guid", document.guid());
                json.put("gc", document.gc());
                json.put("autoLoad", document.autoLoad());
                json.put("meta", described(document.meta()));
                yield json;
            }
            case List<?> list -> {
                List<@Nullable Object> all = new ArrayList<>();
                list.forEach(element -> all.add(described(element)));
                yield all;
            }
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                map.forEach((key, property) -> all.put((String) key, described(property)));
                yield Map.of("$", "object", "v", all);
            }
            default -> value;
        };
    }

    static String json(Object value) {
        return new String(JsValues.toJson(value), UTF_8);
    }
}
