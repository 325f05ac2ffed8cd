package dev.weft.benchmarks;

import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import org.openjdk.jmh.annotations.Benchmark;

/** What somebody lacks who has half of each client's clocks. */
public class DiffBenchmark extends Workload {
    private StateVector half = StateVector.empty();

    @Override
    protected void prepare(Document loaded) {
        half = StateVector.decode(loaded.half());
    }

    @Row(
            operation = "difference from half",
            goal = 30,
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
        return Updates.diff(document().update(), half);
    }
}
