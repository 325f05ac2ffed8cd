package dev.weft.benchmarks;

import dev.weft.yjs.IndexedUpdate;
import dev.weft.yjs.StateVector;
import dev.weft.yjs.UpdateIndex;
import dev.weft.yjs.UpdatePlan;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** The side index: what it saves a merge and a difference, and what it costs. */
public class IndexBenchmark extends Workload {
    private IndexedUpdate indexed = IndexedUpdate.of(new byte[2]);
    private byte[] storedIndex = new byte[0];
    private List<byte[]> pending = List.of();
    private StateVector half = StateVector.empty();

    @Override
    protected void prepare(Document loaded) {
        indexed = IndexedUpdate.of(loaded.update());
        storedIndex = indexed.index().encode();
        pending = loaded.updates().subList(1, loaded.updates().size());
        half = StateVector.decode(loaded.half());
    }

    @Row(
            operation = "merge, indexed",
            goal = 150,
            likeness = Likeness.EQUAL_BUT_KEY_BIT,
            documents = {
                "sheet-4-fresh + 1",
                "sheet-4-fresh + 100",
                "sheet-4-churned + 1",
                "sheet-4-churned + 100",
                "sheet-20-fresh + 1",
                "sheet-20-fresh + 100",
                "sheet-20-churned + 1",
                "sheet-20-churned + 100"
            })
    @Benchmark
    public byte[] merge() {
        return indexed.merge(pending).toByteArray();
    }

    /** From what a storage gives: the document and the bytes of its index, which is checked against all of the document. */
    @Row(
            operation = "merge, index stored",
            goal = 150,
            likeness = Likeness.EQUAL_BUT_KEY_BIT,
            documents = {
                "sheet-4-fresh + 100",
                "sheet-4-churned + 100",
                "sheet-20-fresh + 100",
                "sheet-20-churned + 100"
            })
    @Benchmark
    public byte[] mergeStored() {
        return IndexedUpdate.of(document().update(), storedIndex).merge(pending).toByteArray();
    }

    @Row(
            operation = "merge and index",
            hasTwin = false,
            documents = {"sheet-20-fresh + 1", "sheet-20-fresh + 100", "sheet-20-churned + 100"})
    @Benchmark
    public IndexedUpdate mergeAndIndex() {
        return indexed.merge(pending).toIndexed();
    }

    @Row(
            operation = "merge as plan",
            hasTwin = false,
            documents = {"sheet-20-fresh + 1", "sheet-20-fresh + 100", "sheet-20-churned + 1", "sheet-20-churned + 100"
            })
    @Benchmark
    public UpdatePlan mergePlan() {
        return indexed.merge(pending);
    }

    @Row(
            operation = "difference, indexed",
            goal = 150,
            likeness = Likeness.EQUAL_BUT_KEY_BIT,
            documents = {
                "paper",
                "paper-merged",
                "sheet-4-fresh",
                "sheet-4-churned",
                "sheet-20-fresh",
                "sheet-20-churned"
            })
    @Benchmark
    public byte[] difference() {
        return indexed.difference(half).toByteArray();
    }

    @Row(
            operation = "difference as plan",
            hasTwin = false,
            goalNanos = 20_000,
            documents = {
                "paper",
                "paper-merged",
                "sheet-4-fresh",
                "sheet-4-churned",
                "sheet-20-fresh",
                "sheet-20-churned"
            })
    @Benchmark
    public UpdatePlan differencePlan() {
        return indexed.difference(half);
    }

    @Row(
            operation = "make index",
            hasTwin = false,
            documents = {"paper-merged", "sheet-4-fresh", "sheet-20-fresh", "sheet-20-churned"})
    @Benchmark
    public byte[] make() {
        return UpdateIndex.of(document().update()).encode();
    }

    /** With the check that it belongs to the document. */
    @Row(
            operation = "read index",
            hasTwin = false,
            documents = {"paper-merged", "sheet-4-fresh", "sheet-20-fresh", "sheet-20-churned"})
    @Benchmark
    public IndexedUpdate read() {
        return IndexedUpdate.of(document().update(), storedIndex);
    }

    /** What no merge can undercut: a copy of the document. */
    @Row(
            operation = "copy",
            hasTwin = false,
            documents = {"paper-merged", "sheet-4-fresh", "sheet-4-churned", "sheet-20-fresh", "sheet-20-churned"})
    @Benchmark
    public byte[] copy() {
        return Arrays.copyOf(document().update(), document().update().length);
    }
}
