package dev.weft.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.yjs.Updates;
import dev.weft.yjs.YDoc;
import dev.weft.yjs.YDocOptions;
import dev.weft.yjs.YMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What makes two answers the same document. */
class SameDocumentTest {
    private static byte[] document(String word) {
        YDoc doc = new YDoc(YDocOptions.builder().clientId(1).gc(false).build());
        doc.getText("text").insert(0, "some text");
        doc.getText("text").delete(2, 3);
        YMap map = doc.getMap("map");
        map.set("key", "old");
        map.set("key", "new");
        map.set("inside", Map.of("word", word));
        return doc.encodeStateAsUpdate();
    }

    @Test
    void theSameBytesAreTheSame() {
        assertThat(SameDocument.difference(document("a"), document("a"))).isEmpty();
    }

    @Test
    void withoutItsGarbageItIsTheSame() {
        byte[] document = document("a");
        byte[] collected = Updates.compact(List.of(document));

        assertThat(collected).isNotEqualTo(document);
        assertThat(SameDocument.difference(document, collected)).isEmpty();
    }

    @Test
    void aWordDeepInsideCounts() {
        assertThat(SameDocument.difference(document("a"), document("b")))
                .hasValue("the content differs, while the state vectors are the same");
    }

    @Test
    void whatIsMissingAtTheEndCounts() {
        YDoc doc = new YDoc();
        doc.applyUpdate(document("a"));
        doc.getMap("map").set("more", 1);

        assertThat(SameDocument.difference(doc.encodeStateAsUpdate(), document("a")))
                .hasValueSatisfying(difference -> assertThat(difference).startsWith("the state vector is"));
    }
}
