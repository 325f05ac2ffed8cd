package dev.weft.benchmarks;

import dev.weft.yjs.Updates;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** The check of what comes from outside; Yjs decodes it. */
public class CheckBenchmark extends Workload {
    private List<byte[]> updates = List.of();
    private int next;

    @Override
    protected void prepare(Document loaded) {
        updates = loaded.updates();
    }

    @Row(
            operation = "check",
            documents = {
                "paper",
                "paper-merged",
                "sheet-4-fresh",
                "sheet-4-churned",
                "sheet-20-fresh",
                "sheet-20-churned"
            })
    @Benchmark
    public void check() {
        Updates.check(document().update());
    }

    /** Another edit of some fifty bytes at each call, so that branches are not learnt by heart. */
    @Row(operation = "check an edit", goalNanos = 150, documents = "edits")
    @Benchmark
    public void checkAnEdit() {
        Updates.check(updates.get(next));
        next = next + 1 == updates.size() ? 0 : next + 1;
    }
}
