package dev.weft.benchmarks;

import dev.weft.yjs.Updates;
import org.openjdk.jmh.annotations.Benchmark;

/** Merging: a document with small updates, and a whole history of small updates in one call. */
public class MergeBenchmark extends Workload {
    @Row(
            operation = "merge",
            goal = 40,
            likeness = Likeness.EQUAL_BUT_KEY_BIT,
            documents = {"sheet-4-fresh + 1", "sheet-4-fresh + 100", "sheet-20-fresh + 1", "sheet-20-fresh + 100"})
    @Row(
            operation = "merge",
            goal = 25,
            likeness = Likeness.EQUAL_BUT_KEY_BIT,
            documents = {
                "sheet-4-churned + 1",
                "sheet-4-churned + 100",
                "sheet-20-churned + 1",
                "sheet-20-churned + 100"
            })
    @Row(operation = "merge all", goal = 45, documents = "paper-updates")
    @Benchmark
    public byte[] merge() {
        return Updates.merge(document().updates());
    }
}
