package dev.weft.yjs;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A random program for {@link Twins}: a few documents that edit, and exchange updates in any order. */
final class TwinProgram {
    private static final List<String> WORDS =
            List.of("a", "weft ", "und ", "naïve", "文字", "longer words in a row ", "\u0000\ufeff", "x\ny");
    private static final List<String> EMOJI = List.of("😀", "👩‍👩‍👧", "a😀b🎉c");
    private static final List<String> KEYS = List.of("one", "two", "ключ", "", "7");

    private final Random random;
    private final Twins twins;
    private final List<String> words;
    private final int documents;
    /** For each document, which updates it was not given yet. */
    private final List<List<byte[]>> waiting = new ArrayList<>();

    private int known;

    TwinProgram(Oracle yjs, long seed) {
        random = new Random(seed);
        twins = new Twins(yjs, "seed " + seed);
        documents = 1 + random.nextInt(3);
        words = new ArrayList<>(WORDS);
        if (random.nextInt(4) == 0) {
            words.addAll(EMOJI);
        }
    }

    void run() {
        List<YDocOptions> options = new ArrayList<>();
        for (int i = 0; i < documents; i++) {
            long clientId = 4L * random.nextInt(random.nextInt(3) == 0 ? 75 : 1 << 30) + i;
            options.add(YDocOptions.builder()
                    .clientId(clientId)
                    .gc(i > 0 || random.nextBoolean())
                    .guid("twin")
                    .build());
            waiting.add(new ArrayList<>());
        }
        twins.begin(options, random.nextInt(3) > 0);
        boolean past = !options.getFirst().gc();
        for (int steps = 3 + random.nextInt(50); steps > 0; steps--) {
            step(past);
        }
        for (int document = 0; document < documents; document++) {
            deliverAll(document);
            twins.state(document);
            twins.places(document);
        }
        if (past && twins.snapshots(0) > 0) {
            int now = random.nextInt(twins.snapshots(0));
            twins.past(0, now, random.nextInt(now + 1));
            twins.state(0);
        }
    }

    private void step(boolean past) {
        int document = random.nextInt(documents);
        if (random.nextInt(4) == 0) {
            deliver(document);
        } else if (random.nextInt(10) == 0) {
            if (past) {
                twins.snapshot(0);
            }
        } else if (random.nextInt(10) == 0) {
            List<Object> path = new ArrayList<>();
            YType type = someType(twins.doc(document), path);
            if (!(type instanceof YMap)) {
                twins.place(document, path, random.nextInt(type.length + 1), random.nextBoolean() ? 0 : -1);
            }
        } else {
            List<TwinScript.Step> steps = new ArrayList<>();
            // Steps are chosen from the document as it is before all of them, so several must not depend on each other.
            List<Object> path = new ArrayList<>();
            YType type = someType(twins.doc(document), path);
            steps.add(edit(type, path));
            if (random.nextInt(4) == 0 && type instanceof YMap) {
                steps.add(edit(type, path));
            }
            twins.run(document, steps);
        }
        for (; known < twins.updates().size(); known++) {
            for (int other = 0; other < documents; other++) {
                if (other != document) {
                    waiting.get(other).add(twins.updates().get(known));
                }
            }
        }
    }

    private void deliver(int document) {
        List<byte[]> updates = waiting.get(document);
        for (int count = random.nextInt(1 + Math.min(5, updates.size())); count > 0; count--) {
            int at = random.nextInt(3) > 0 ? 0 : random.nextInt(updates.size());
            byte[] update = updates.get(at);
            if (random.nextInt(10) > 0) {
                updates.remove(at);
            }
            twins.apply(document, update);
        }
    }

    private void deliverAll(int document) {
        List<byte[]> updates = waiting.get(document);
        updates.addAll(twins.updates().subList(known, twins.updates().size()));
        for (byte[] update : updates) {
            twins.apply(document, update);
        }
    }

    /** Any type that is in a document now; {@code path} becomes the way to it. */
    private YType someType(YDoc doc, List<Object> path) {
        String root = pick(TwinScript.ROOTS);
        path.add(root);
        YType type = TwinScript.root(doc, root);
        while (random.nextInt(5) < 3) {
            List<Object> steps = new ArrayList<>();
            List<YType> children = new ArrayList<>();
            if (type instanceof YMap map) {
                map.entries().forEach((key, value) -> add(key, value, steps, children));
            } else if (!(type instanceof YText)) {
                int index = 0;
                for (Iterator<@Nullable Object> it = ListOps.iterator(type); it.hasNext(); index++) {
                    add(index, it.next(), steps, children);
                }
            }
            if (children.isEmpty()) {
                break;
            }
            int chosen = random.nextInt(children.size());
            path.add(steps.get(chosen));
            type = children.get(chosen);
        }
        return type;
    }

    private static void add(Object step, @Nullable Object value, List<Object> steps, List<YType> children) {
        if (value instanceof YType type) {
            steps.add(step);
            children.add(type);
        }
    }

    private TwinScript.Step edit(YType type, List<Object> path) {
        return switch (type) {
            case YText text -> editText(text, path);
            case YMap map -> editMap(path);
            case YArray array -> editList(type, path);
            case YXmlElement element -> random.nextInt(3) == 0 ? editAttribute(path) : editList(type, path);
            default -> editList(type, path);
        };
    }

    private TwinScript.Step editText(YText text, List<Object> path) {
        int length = text.length();
        int index = random.nextInt(length + 1);
        int rest = length - index;
        return switch (random.nextInt(9)) {
            case 0, 1 -> step("insert", path, "index", index, "text", pick(words));
            case 2 -> step("insert", path, "index", index, "text", pick(words), "attributes", attributes());
            case 3, 4 ->
                rest == 0
                        ? step("insert", path, "index", index, "text", pick(words))
                        : step("delete", path, "index", index, "length", 1 + random.nextInt(Math.min(rest, 6)));
            case 5 ->
                rest == 0
                        ? step("insert", path, "index", index, "text", pick(words))
                        : step(
                                "format",
                                path,
                                "index",
                                index,
                                "length",
                                1 + random.nextInt(Math.min(rest, 8)),
                                "attributes",
                                attributes());
            case 6 -> {
                Object embed = random.nextInt(3) == 0 ? type() : Map.of("image", "ü.png", "width", random.nextInt(9));
                yield random.nextBoolean()
                        ? step("embed", path, "index", index, "value", embed)
                        : step("embed", path, "index", index, "value", embed, "attributes", attributes());
            }
            case 7 -> random.nextInt(3) == 0 ? editAttribute(path) : step("delta", path, "steps", delta(length));
            default -> step("delta", path, "steps", delta(length));
        };
    }

    private List<DeltaOp> delta(int length) {
        List<DeltaOp> delta = new ArrayList<>();
        int left = length;
        for (int count = 1 + random.nextInt(4); count > 0; count--) {
            int some = left == 0 ? 0 : 1 + random.nextInt(left);
            switch (random.nextInt(4)) {
                case 0 -> delta.add(DeltaOp.insert(pick(words)));
                case 1 -> delta.add(DeltaOp.insert(pick(words), attributes()));
                case 2 -> {
                    if (some > 0) {
                        delta.add(random.nextBoolean() ? DeltaOp.retain(some) : DeltaOp.retain(some, attributes()));
                        left -= some;
                    }
                }
                default -> {
                    if (some > 0) {
                        int few = Math.min(some, 4);
                        delta.add(DeltaOp.delete(few));
                        left -= few;
                    }
                }
            }
        }
        if (random.nextInt(20) == 0) {
            delta.add(DeltaOp.retain(left + 2, attributes()));
        }
        return delta;
    }

    private TwinScript.Step editAttribute(List<Object> path) {
        String key = random.nextBoolean() ? "id" : "class";
        return random.nextInt(4) == 0
                ? step("removeAttribute", path, "key", key)
                : step(
                        "setAttribute",
                        path,
                        "key",
                        key,
                        "value",
                        random.nextInt(3) == 0 ? element() : "v" + random.nextInt(9));
    }

    private TwinScript.Step editMap(List<Object> path) {
        String key = pick(KEYS);
        return switch (random.nextInt(12)) {
            case 0, 1 -> step("remove", path, "key", key);
            case 2, 3, 4 -> step("set", path, "key", key, "value", type());
            case 5 -> step("set", path, "key", key, "value", document());
            case 6 -> random.nextInt(3) == 0 ? step("clear", path) : step("set", path, "key", key, "value", value());
            default -> step("set", path, "key", key, "value", value());
        };
    }

    private TwinScript.Step editList(YType list, List<Object> path) {
        int index = random.nextInt(list.length + 1);
        boolean isArray = list instanceof YArray;
        if (random.nextInt(10) < 3 && index < list.length) {
            return step("delete", path, "index", index, "length", 1 + random.nextInt(Math.min(list.length - index, 3)));
        }
        if (isArray && index < list.length && random.nextInt(5) == 0) {
            return step("read", path, "index", index);
        }
        List<@Nullable Object> values = new ArrayList<>();
        for (int count = 1 + random.nextInt(3); count > 0; count--) {
            values.add(isArray ? (random.nextInt(4) == 0 ? special() : element()) : xml());
        }
        return isArray && random.nextInt(4) == 0
                ? step("push", path, "values", values)
                : step("list", path, "index", index, "values", values);
    }

    private static TwinScript.Step step(String action, List<Object> path, @Nullable Object... parameters) {
        Map<String, @Nullable Object> named = new LinkedHashMap<>();
        for (int i = 0; i < parameters.length; i += 2) {
            named.put((String) parameters[i], parameters[i + 1]);
        }
        return new TwinScript.Step(action, path, named);
    }

    private Map<String, @Nullable Object> attributes() {
        Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
        switch (random.nextInt(9)) {
            case 0, 1 -> attributes.put("bold", true);
            case 2 -> attributes.put("bold", null);
            case 3 -> attributes.put("italic", Map.of("level", 2));
            case 4 -> {
                attributes.put("color", "#f00");
                attributes.put("size", 1.5);
            }
            case 5 -> attributes.put("link", null);
            case 6 -> attributes.put("tag", Arrays.asList(1, "x", Map.of("10", 1)));
            case 7 -> {
                attributes.put("z", 1);
                attributes.put("7", 0);
            }
            default -> attributes.put("size", 1e21);
        }
        return attributes;
    }

    private @Nullable Object value() {
        return switch (random.nextInt(4)) {
            case 0 -> Undefined.UNDEFINED;
            case 1 -> new BigInteger("-1234567890123456789");
            case 2 -> new byte[] {1, 2, (byte) 255};
            default -> element();
        };
    }

    private @Nullable Object element() {
        return switch (random.nextInt(12)) {
            case 0 -> random.nextInt(1000);
            case 1 -> -random.nextInt(100_000);
            case 2 -> 1L << 31;
            case 3 -> -0.0;
            case 4 -> 0.5;
            case 5 -> 0.1;
            case 6 -> random.nextBoolean();
            case 7 -> null;
            case 8 -> {
                Map<String, @Nullable Object> map = new LinkedHashMap<>();
                map.put("nested", Arrays.asList(1, "two", Arrays.asList(null, 3.25)));
                map.put("7", "seven");
                map.put("empty", Map.of());
                yield map;
            }
            case 9 -> "text \"quoted\" \\ " + pick(words);
            case 10 -> Input.MAX_INTEGER;
            default -> pick(words);
        };
    }

    private Object special() {
        return switch (random.nextInt(4)) {
            case 0 -> new byte[] {1, 2, (byte) 255};
            case 1 -> document();
            default -> type();
        };
    }

    private TwinScript.NewDocument document() {
        return new TwinScript.NewDocument(
                "guid-" + random.nextInt(99),
                random.nextBoolean(),
                random.nextBoolean(),
                random.nextBoolean() ? null : Map.of("n", random.nextInt(9)));
    }

    private TwinScript.NewType type() {
        return switch (random.nextInt(7)) {
            case 0 -> {
                Map<String, @Nullable Object> content = new LinkedHashMap<>();
                content.put("key", value());
                yield new TwinScript.NewType("map", "", content);
            }
            case 1 -> new TwinScript.NewType("array", "", Arrays.asList(1, "two", element()));
            case 2 -> new TwinScript.NewType("text", "", "nested");
            case 3 -> new TwinScript.NewType("fragment", "", null);
            case 4 -> new TwinScript.NewType("hook", "hook", null);
            default -> xml();
        };
    }

    private TwinScript.NewType xml() {
        return random.nextBoolean()
                ? new TwinScript.NewType("element", pick(List.of("div", "P")), Map.of("class", "c"))
                : new TwinScript.NewType("xmlText", "", pick(words) + "..");
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
