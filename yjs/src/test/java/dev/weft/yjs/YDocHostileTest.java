package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Updates that nobody's document made. */
class YDocHostileTest {
    private static final int MUTATIONS = 30_000;
    private static final int DEPTH = 200_000;

    /** Whatever passes {@link Updates#check} is applied without an exception; everything else leaves the document as it was. */
    @Test
    void mutatedUpdatesAreAppliedOrLeaveTheDocumentAsItWas() {
        long seed = Long.getLong("weft.seed", System.nanoTime());
        Random random = new Random(seed);
        List<byte[]> samples = new ArrayList<>();
        History.golden().forEach(history -> samples.addAll(history.updates()));
        YDoc doc = new YDoc();
        for (int i = 0; i < MUTATIONS; i++) {
            if (i % 20 == 0) {
                doc = observed(new YDoc(YDocOptions.builder()
                        .clientId(1)
                        .gc(random.nextBoolean())
                        .build()));
                doc.applyUpdate(samples.get(random.nextInt(samples.size())));
            }
            byte[] update = Mutations.of(samples, random);
            byte[] before = doc.encodeStateAsUpdate();
            try {
                Updates.check(update);
            } catch (MalformedException malformed) {
                YDoc same = doc;
                assertThatThrownBy(() -> same.applyUpdate(update))
                        .as("seed %s, update %s", seed, i)
                        .isInstanceOf(MalformedException.class);
                assertThat(doc.encodeStateAsUpdate()).as("seed %s", seed).isEqualTo(before);
                continue;
            }
            try {
                doc.applyUpdate(update);
                Updates.check(doc.encodeStateAsUpdate());
                Shown.content(doc);
                doc.getText("text").insert(0, "usable");
            } catch (IllegalStateException noNode) {
                // What was put into XML and is no node cannot be listed; Yjs cannot either.
                assertThat(noNode).as("seed %s, update %s", seed, i).hasMessageContaining("no node");
            } catch (RuntimeException | StackOverflowError failure) {
                throw new AssertionError("seed " + seed + ", update " + i + " " + Oracle.base64(update), failure);
            }
        }
    }

    private static YDoc observed(YDoc doc) {
        for (String root : TwinScript.ROOTS) {
            TwinScript.root(doc, root)
                    .observeDeep(events -> events.forEach(event -> {
                        assertThat(event.path()).isNotNull();
                        assertThat(event.delta()).isNotNull();
                        assertThat(event.keys()).isNotNull();
                    }));
        }
        doc.onUpdate(event -> Updates.check(event.update()));
        return doc;
    }

    /** Arrays in arrays, as deep as bytes allow: nothing calls itself for each level. */
    @Test
    void deeplyNestedTypesAreShownDeletedAndCollected() {
        YDoc doc = new YDoc();
        doc.applyUpdate(nested(DEPTH, StructReader.TYPE, YType.ARRAY));
        assertThat(doc.getArray("root").toJson())
                .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.LIST)
                .hasSize(1);
        doc.getArray("root").delete(0, 1);
        assertThat(doc.getArray("root").length()).isZero();
        assertThat(doc.encodeStateAsUpdate()).hasSizeLessThan(40);
    }

    @Test
    void deeplyNestedElementsAreWritten() {
        YDoc doc = new YDoc();
        doc.applyUpdate(nested(DEPTH, StructReader.TYPE, StructReader.XML_ELEMENT));
        assertThat(doc.getXmlFragment("root").toString()).hasSize(DEPTH * "<a></a>".length());
    }

    /** Every level changes, and the top is observed with all below: the events must not be looked for level by level each. */
    @Test
    void changesAtAllLevelsAreToldInTimeThatGrowsWithTheirNumber() {
        int depth = 20_000;
        YDoc doc = new YDoc();
        doc.applyUpdate(nested(depth, StructReader.TYPE, YType.ARRAY));
        List<Integer> told = new ArrayList<>();
        doc.getArray("root").observeDeep(events -> told.add(events.size()));
        Output out = new Output(1 << 20).varUint(1).varUint(depth).varUint(8).varUint(0);
        for (int i = 0; i < depth; i++) {
            out.uint8(StructReader.ANY)
                    .uint8(0)
                    .varUint(7)
                    .varUint(i)
                    .varUint(1)
                    .uint8(Any.NULL);
        }
        doc.applyUpdate(out.varUint(0).toByteArray());
        assertThat(told).containsExactly(depth);
    }

    /** Each item is the only child of the one before. */
    private static byte[] nested(int depth, int kind, int type) {
        Output out = new Output(1 << 20).varUint(1).varUint(depth).varUint(7).varUint(0);
        for (int i = 0; i < depth; i++) {
            out.uint8(kind);
            if (i == 0) {
                out.uint8(1);
                Texts.write(out, "root");
            } else {
                out.uint8(0).varUint(7).varUint(i - 1);
            }
            out.uint8(type);
            if (type == StructReader.XML_ELEMENT) {
                Texts.write(out, "a");
            }
        }
        return out.varUint(0).toByteArray();
    }

    /** Two blocks for one client, which Yjs would read one of. */
    @Test
    void structsOfOneClientInTwoBlocksAreAllThere() {
        byte[] update = java.util.HexFormat.of()
                .parseHex("02" + "010700" + "04010474657874" + "0161" + "010701" + "840700" + "0162" + "00");
        YDoc doc = new YDoc();
        doc.applyUpdate(update);
        assertThat(doc.getText("text").toString()).isEqualTo("ab");
    }
}
