package dev.weft.benchmarks;

import dev.weft.yjs.UpdatesV2;
import org.openjdk.jmh.annotations.Benchmark;

/** Conversion between the encodings V1 and V2. */
public class V2Benchmark extends Workload {
    private byte[] v2 = new byte[0];

    @Override
    protected void prepare(Document loaded) {
        v2 = loaded.v2();
    }

    @Row(
            operation = "V1 to V2",
            goal = 8,
            documents = {
                "paper",
                "paper-merged",
                "sheet-4-fresh",
                "sheet-4-churned",
                "sheet-20-fresh",
                "sheet-20-churned"
            })
    @Benchmark
    public byte[] toV2() {
        return UpdatesV2.fromV1(document().update());
    }

    @Row(
            operation = "V2 to V1",
            goal = 8,
            documents = {
                "paper",
                "paper-merged",
                "sheet-4-fresh",
                "sheet-4-churned",
                "sheet-20-fresh",
                "sheet-20-churned"
            })
    @Benchmark
    public byte[] toV1() {
        return UpdatesV2.toV1(v2);
    }
}
