package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a user of YDoc relies on beyond being the same as Yjs. */
class YDocTest {
    @Test
    void updatesInAnyOrderLeadToTheSameText() {
        List<byte[]> updates = new ArrayList<>();
        YDoc doc = new YDoc();
        doc.onUpdate(event -> updates.add(event.update()));
        doc.getText("text").insert(0, "hello");
        doc.getText("text").delete(0, 1);
        doc.getText("text").insert(0, "J");

        YDoc other = new YDoc();
        for (byte[] update : updates.reversed()) {
            other.applyUpdate(update);
        }
        assertThat(other.getText("text").toString()).isEqualTo("Jello");
        assertThat(other.hasPending()).isFalse();
    }

    @Test
    void kindOfARootThatArrivedIsToldByItsContent() {
        YDoc doc = new YDoc();
        doc.getText("text").insert(0, "hello");
        doc.getText("embeds").insertEmbed(0, Map.of("image", "a.png"));
        doc.getArray("array").push(1L);
        doc.getMap("map").set("key", "value");
        doc.getXmlFragment("xml").push(new YXmlElement("p"));
        doc.getText("emptied").insert(0, "gone");
        doc.getText("emptied").delete(0, 4);

        YDoc other = new YDoc();
        other.applyUpdate(doc.encodeStateAsUpdate());
        assertThat(other.likelyKind("text")).isEqualTo(RootKind.TEXT);
        assertThat(other.likelyKind("embeds")).isEqualTo(RootKind.TEXT);
        assertThat(other.likelyKind("array")).isEqualTo(RootKind.ARRAY);
        assertThat(other.likelyKind("map")).isEqualTo(RootKind.MAP);
        assertThat(other.likelyKind("xml")).isEqualTo(RootKind.XML);
        assertThat(other.likelyKind("emptied")).isEqualTo(RootKind.UNKNOWN);
        assertThat(other.likelyKind("nowhere")).isEqualTo(RootKind.UNKNOWN);
        other.getMap("emptied");
        assertThat(other.likelyKind("emptied")).isEqualTo(RootKind.MAP);
    }

    @Test
    void whatIsMissingIsNamedUntilItComes() {
        List<byte[]> updates = new ArrayList<>();
        YDoc doc = new YDoc(YDocOptions.builder().clientId(7).build());
        doc.onUpdate(event -> updates.add(event.update()));
        doc.getText("text").insert(0, "a");
        doc.getText("text").insert(1, "b");

        YDoc other = new YDoc();
        other.applyUpdate(updates.get(1));
        assertThat(other.missing().clock(7)).isEqualTo(1);
        assertThat(other.stateVector().isEmpty()).isTrue();
        other.applyUpdate(updates.get(0));
        assertThat(other.missing().isEmpty()).isTrue();
        assertThat(other.getText("text").toString()).isEqualTo("ab");
    }

    @Test
    void malformedUpdateLeavesTheDocumentUsable() {
        YDoc doc = new YDoc();
        doc.getText("text").insert(0, "safe");
        byte[] before = doc.encodeStateAsUpdate();
        assertThatThrownBy(() -> doc.applyUpdate(new byte[] {1, 2, 3})).isInstanceOf(MalformedException.class);
        assertThat(doc.encodeStateAsUpdate()).isEqualTo(before);
        doc.getText("text").insert(4, "!");
        assertThat(doc.getText("text").toString()).isEqualTo("safe!");
    }

    @Test
    void everyObserverIsCalledAndTheFirstExceptionReachesWhoeverMadeTheChange() {
        YDoc doc = new YDoc();
        List<String> called = new ArrayList<>();
        YMap map = doc.getMap("map");
        map.observe(event -> {
            throw new IllegalArgumentException("first");
        });
        map.observe(event -> called.add("second"));
        doc.onUpdate(event -> called.add("update"));
        assertThatThrownBy(() -> map.set("a", 1)).hasMessage("first");
        assertThat(called).containsExactly("second", "update");
        assertThat(map.get("a")).isEqualTo(1L);
    }

    @Test
    void whatObserversChangeIsATransactionOfItsOwn() {
        YDoc doc = new YDoc();
        List<Object> origins = new ArrayList<>();
        doc.onUpdate(event -> origins.add(event.origin()));
        YArray array = doc.getArray("array");
        array.observe(event -> {
            if (array.length() < 3) {
                doc.transact(transaction -> array.push("again"), "observer");
            }
        });
        doc.transact(transaction -> array.push("once"), "user");
        assertThat(array.toList()).containsExactly("once", "again", "again");
        assertThat(origins).startsWith("user");
    }

    @Test
    void closedSubscriptionHearsNothing() {
        YDoc doc = new YDoc();
        List<Object> heard = new ArrayList<>();
        Subscription subscription = doc.getText("text").observe(heard::add);
        subscription.close();
        subscription.close();
        doc.getText("text").insert(0, "x");
        assertThat(heard).isEmpty();
    }

    @Test
    void numbersKeepTheirMeaning() {
        YMap map = new YDoc().getMap("map");
        map.set("int", 3);
        map.set("whole", 3.0);
        map.set("half", 0.5f);
        map.set("big", BigInteger.valueOf(Long.MIN_VALUE));
        map.set("safe", (1L << 53) - 1);
        assertThat(map.get("int")).isEqualTo(3L);
        assertThat(map.get("whole")).isEqualTo(3L);
        assertThat(map.get("half")).isEqualTo(0.5);
        assertThat(map.get("big")).isEqualTo(BigInteger.valueOf(Long.MIN_VALUE));
        assertThat(map.get("safe")).isEqualTo((1L << 53) - 1);
        assertThatThrownBy(() -> map.set("unsafe", 1L << 54)).hasMessageContaining("BigInteger");
        assertThatThrownBy(() -> map.set("object", new Object())).isInstanceOf(IllegalArgumentException.class);
        assertThat(map.has("unsafe")).isFalse();
    }

    @Test
    void valuesAreCopiedWhenWritten() {
        List<Object> mine = new ArrayList<>(List.of("a"));
        YArray array = new YDoc().getArray("array");
        array.push(mine);
        mine.add("b");
        assertThat(array.toJson()).isEqualTo(List.of(List.of("a")));
    }

    @Test
    void rootHasOneTypeOnly() {
        YDoc doc = new YDoc();
        doc.getText("root");
        assertThatThrownBy(() -> doc.getMap("root")).hasMessageContaining("YText");
        assertThat(doc.get("root")).isSameAs(doc.getText("root"));
    }

    @Test
    void typeIsInOnePlaceOnly() {
        YDoc doc = new YDoc();
        YText text = new YText("once");
        assertThatThrownBy(text::length).isInstanceOf(IllegalStateException.class);
        doc.getArray("array").push(text);
        assertThat(text.length()).isEqualTo(4);
        assertThatThrownBy(() -> doc.getArray("array").push(text)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> doc.getArray("array").pushAll(List.of(new YText(), "b", new Object())))
                .isInstanceOf(IllegalArgumentException.class);
        assertThat(doc.getArray("array").length()).isEqualTo(1);
    }

    @Test
    void indicesOutsideAreRefusedBeforeAnythingChanges() {
        YDoc doc = new YDoc();
        YText text = doc.getText("text");
        text.insert(0, "abc");
        byte[] before = doc.encodeStateAsUpdate();
        assertThatThrownBy(() -> text.insert(4, "x")).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> text.delete(2, 2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> doc.getArray("array").get(0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(doc.encodeStateAsUpdate()).isEqualTo(before);
    }

    @Test
    void longTextTypedCharacterByCharacterIsReadAndCutAnywhere() {
        YDoc doc = new YDoc();
        YText text = doc.getText("text");
        StringBuilder model = new StringBuilder();
        java.util.Random random = new java.util.Random(42);
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(50) == 0 && !model.isEmpty()) {
                int at = random.nextInt(model.length());
                int length = Math.min(model.length() - at, 1 + random.nextInt(5));
                text.delete(at, length);
                model.delete(at, at + length);
            }
            int at = random.nextInt(30) == 0 ? random.nextInt(model.length() + 1) : model.length();
            text.insert(at, "c" + i % 10);
            model.insert(at, "c" + i % 10);
        }
        assertThat(text.toString()).isEqualTo(model.toString());
    }

    @Test
    void subdocumentsAreToldLoadedAndReplaced() {
        YDoc doc = new YDoc();
        List<String> told = new ArrayList<>();
        doc.onSubdocs(event -> told.add(event.added().size() + " "
                + event.loaded().size() + " " + event.removed().size()));
        doc.getMap("map").set("sub", new YDoc(YDocOptions.builder().guid("g").build()));
        YDoc other = new YDoc();
        other.applyUpdate(doc.encodeStateAsUpdate());
        YDoc arrived = other.subdocuments().iterator().next();
        assertThat(arrived.guid()).isEqualTo("g");
        assertThat(arrived.shouldLoad()).isFalse();
        arrived.load();
        assertThat(arrived.shouldLoad()).isTrue();
        doc.getMap("map").remove("sub");
        assertThat(told).startsWith("1 1 0", "0 0 1");
        assertThat(doc.subdocuments()).isEmpty();
    }

    @Test
    void eventRefusesToBeAskedAfterItsTime() {
        YDoc doc = new YDoc();
        List<YEvent> kept = new ArrayList<>();
        doc.getMap("map").observe(kept::add);
        doc.getMap("map").set("a", 1);
        assertThatThrownBy(() -> kept.getFirst().keys()).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void updateInEncodingV2IsAppliedAndWritten() {
        YDoc doc = new YDoc();
        doc.getText("text").insert(0, "bold", Map.of("bold", true));
        YDoc other = new YDoc();
        other.applyUpdateV2(doc.encodeStateAsUpdateV2());
        assertThat(other.getText("text").toDelta())
                .isEqualTo(doc.getText("text").toDelta());
        assertThat(other.encodeStateAsUpdate()).isEqualTo(doc.encodeStateAsUpdate());
    }
}
