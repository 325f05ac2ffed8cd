package dev.weft.benchmarks;

import dev.weft.yjs.Updates;
import org.openjdk.jmh.annotations.Benchmark;

/** Collecting garbage; Yjs applies the updates to a document and encodes its state. */
public class CompactBenchmark extends Workload {
    @Row(
            operation = "compact",
            goal = 35,
            likeness = Likeness.EQUAL_BUT_KEY_BIT,
            documents = {
                "sheet-4-fresh + 0",
                "sheet-4-fresh + 1",
                "sheet-4-fresh + 100",
                "sheet-20-fresh + 0",
                "sheet-20-fresh + 1",
                "sheet-20-fresh + 100"
            })
    @Row(
            operation = "compact",
            goal = 50,
            likeness = Likeness.EQUAL_BUT_KEY_BIT,
            documents = {"sheet-20-churned + 0", "sheet-20-churned + 1", "sheet-20-churned + 100"})
    @Row(
            operation = "compact",
            likeness = Likeness.EQUAL_BUT_KEY_BIT,
            documents = {
                "sheet-4-churned + 0",
                "sheet-4-churned + 1",
                "sheet-4-churned + 100",
                "paper-merged",
                "paper-updates"
            })
    @Benchmark
    public byte[] compact() {
        return Updates.compact(document().updates());
    }
}
