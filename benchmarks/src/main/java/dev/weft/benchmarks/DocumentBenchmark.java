package dev.weft.benchmarks;

import dev.weft.yjs.YDoc;
import dev.weft.yjs.YText;
import org.openjdk.jmh.annotations.Benchmark;

/** A document with all its structs, beside Yjs's own. */
public class DocumentBenchmark extends Workload {
    private static final int EDITS = 10_000;

    private YDoc held = new YDoc();

    @Override
    protected void prepare(Document loaded) {
        held = applied(loaded);
    }

    @Row(
            operation = "apply to a YDoc",
            goal = 2,
            documents = {"paper-merged", "sheet-4-fresh", "sheet-4-churned", "sheet-20-fresh", "sheet-20-churned"})
    @Row(operation = "apply to a YDoc one by one", goal = 2, documents = "paper-updates")
    @Benchmark
    public byte[] apply() {
        return applied(document()).stateVector().encode();
    }

    @Row(
            operation = "encode a YDoc",
            goal = 2,
            likeness = Likeness.EQUAL_BUT_KEY_BIT,
            documents = {"paper-merged", "sheet-4-fresh", "sheet-20-fresh", "sheet-20-churned"})
    @Benchmark
    public byte[] encode() {
        return held.encodeStateAsUpdate();
    }

    /** Ten thousand edits at places all over the text. */
    @Row(operation = "edit a YDoc", goal = 2, documents = "paper-merged")
    @Benchmark
    public byte[] edit() {
        YDoc doc = applied(document());
        YText text = doc.getText("text");
        // The same places as in operations.mjs.
        int seed = 1;
        for (int i = 0; i < EDITS; i++) {
            seed = (seed * 48_271) & 0x7fff_ffff;
            int at = seed % (text.length() - 10);
            if (i % 3 == 2) {
                text.delete(at, 3);
            } else {
                text.insert(at, "edit");
            }
        }
        return Integer.toString(text.length()).getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    }

    private static YDoc applied(Document document) {
        YDoc doc = new YDoc();
        for (byte[] update : document.updates()) {
            doc.applyUpdate(update);
        }
        return doc;
    }
}
