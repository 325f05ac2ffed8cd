package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Documents in Java and in Yjs that are made to do the same, with everything that they tell on the way: updates, events, subdocuments.
 * After each command what the two told must be equal.
 */
final class Twins {
    /** One document here, and what was asked to be remembered of it. */
    private record Twin(YDoc doc, List<Snapshot> snapshots, List<RelativePosition> places) {}

    private final Oracle yjs;
    private final String name;
    private final List<Twin> twins = new ArrayList<>();
    private final List<String> told = new ArrayList<>();
    /** Updates of all documents here, in the order in which they were made. */
    private final List<byte[]> updates = new ArrayList<>();

    private boolean remote;
    private int commands;

    Twins(Oracle yjs, String name) {
        this.yjs = yjs;
        this.name = name;
    }

    void begin(List<YDocOptions> documents, boolean observed) {
        List<Object> described = new ArrayList<>();
        for (YDocOptions options : documents) {
            described.add(Map.of("clientId", options.clientId(), "gc", options.gc()));
            YDoc doc = new YDoc(options);
            for (String root : TwinScript.ROOTS) {
                YType type = TwinScript.root(doc, root);
                if (observed) {
                    type.observeDeep(events -> events(root, events));
                }
            }
            doc.onUpdate(event -> {
                told.add("update " + Oracle.base64(event.update()));
                if (!remote) {
                    updates.add(event.update());
                }
            });
            doc.onSubdocs(event -> told.add("subdocs "
                    + Shown.show(List.of(names(event.added()), names(event.loaded()), names(event.removed())))));
            twins.add(new Twin(doc, new ArrayList<>(), new ArrayList<>()));
        }
        command(Map.of("command", "begin", "documents", described, "observe", observed), () -> {});
    }

    private void events(String root, List<YEvent> events) {
        if (events.isEmpty()) {
            return;
        }
        List<Object> shown = new ArrayList<>();
        for (YEvent event : events) {
            List<Object> path = new ArrayList<>(event.path());
            List<DeltaOp> delta = event.delta();
            Map<String, Object> keys = new java.util.TreeMap<>();
            event.keys().forEach((key, change) -> {
                Map<String, @Nullable Object> one = new java.util.HashMap<>();
                one.put("action", change.action().name().toLowerCase(java.util.Locale.ROOT));
                one.put("oldValue", change.oldValue());
                keys.put(key, one);
            });
            shown.add(Map.of("path", path, "list", event.childListChanged(), "delta", delta, "keys", keys));
        }
        told.add("events " + root + " " + Shown.show(shown));
    }

    private static List<String> names(List<YDoc> documents) {
        return documents.stream().map(YDoc::guid).sorted().toList();
    }

    YDoc doc(int document) {
        return twins.get(document).doc;
    }

    List<byte[]> updates() {
        return updates;
    }

    /** Lets both do something in one transaction. */
    void run(int document, List<TwinScript.Step> steps) {
        List<Object> described = new ArrayList<>();
        steps.forEach(step -> described.add(step.json()));
        command(Map.of("command", "run", "document", document, "steps", described), () -> {
            YDoc doc = doc(document);
            doc.transact(() -> steps.forEach(step -> step.run(doc, told)));
        });
    }

    void apply(int document, byte[] update) {
        remote = true;
        command(
                Map.of("command", "apply", "document", document, "update", Oracle.base64(update)),
                () -> doc(document).applyUpdate(update, "remote"));
        remote = false;
    }

    void state(int document) {
        command(Map.of("command", "state", "document", document), () -> {
            YDoc doc = doc(document);
            told.add(Oracle.base64(doc.encodeStateAsUpdate()));
            told.add(Oracle.base64(doc.stateVector().encode()));
            told.add(Shown.content(doc));
        });
    }

    void snapshot(int document) {
        command(Map.of("command", "snapshot", "document", document), () -> {
            Snapshot snapshot = doc(document).snapshot();
            twins.get(document).snapshots.add(snapshot);
            told.add(Oracle.base64(snapshot.encode()));
            told.add(Oracle.base64(snapshot.encodeV2()));
            assertThat(Snapshot.decode(snapshot.encode())).isEqualTo(snapshot);
            assertThat(Snapshot.decodeV2(snapshot.encodeV2())).isEqualTo(snapshot);
        });
    }

    int snapshots(int document) {
        return twins.get(document).snapshots.size();
    }

    /** Compares what a document was at two moments. */
    void past(int document, int now, int then) {
        command(Map.of("command", "past", "document", document, "now", now, "then", then), () -> {
            YDoc doc = doc(document);
            Snapshot later = twins.get(document).snapshots.get(now);
            Snapshot earlier = twins.get(document).snapshots.get(then);
            told.add(Shown.show(doc.getText("text").toDelta(later)));
            told.add(Shown.show(doc.getText("text").toDelta(later, earlier)));
            YDoc restored = doc.createDocFromSnapshot(
                    earlier, new YDoc(YDocOptions.builder().gc(false).build()));
            told.add(Shown.content(restored));
            told.add(Oracle.base64(restored.encodeStateAsUpdate()));
        });
    }

    void place(int document, List<Object> path, int index, int association) {
        Map<String, Object> command = Map.of(
                "command", "place", "document", document, "path", path, "index", index, "association", association);
        command(command, () -> {
            RelativePosition place = RelativePosition.of(TwinScript.at(doc(document), path), index, association);
            twins.get(document).places.add(place);
            told.add(Oracle.base64(place.encode()));
            assertThat(RelativePosition.decode(place.encode())).isEqualTo(place);
        });
    }

    /** Where all places of a document are now. */
    void places(int document) {
        command(Map.of("command", "places", "document", document), () -> {
            for (RelativePosition place : twins.get(document).places) {
                AbsolutePosition absolute = place.toAbsolute(doc(document));
                told.add(absolute == null ? "nowhere" : Integer.toString(absolute.index()));
            }
        });
    }

    private void command(Map<String, Object> command, Runnable here) {
        commands++;
        String json = TwinScript.json(command);
        List<String> there = yjs.twins(json);
        told.clear();
        here.run();
        assertThat(told).as("%s, command %s: %s", name, commands, json).isEqualTo(there);
    }
}
