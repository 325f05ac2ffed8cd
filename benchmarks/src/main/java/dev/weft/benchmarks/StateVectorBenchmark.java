package dev.weft.benchmarks;

import dev.weft.yjs.Updates;
import org.openjdk.jmh.annotations.Benchmark;

/** The state vector of an update. */
public class StateVectorBenchmark extends Workload {
    @Row(
            operation = "state vector",
            goal = 20,
            documents = {
                "paper",
                "paper-merged",
                "sheet-4-fresh",
                "sheet-4-churned",
                "sheet-20-fresh",
                "sheet-20-churned"
            })
    @Benchmark
    public byte[] stateVector() {
        return Updates.stateVector(document().update()).encode();
    }
}
