package dev.weft.benchmarks;

import dev.weft.yjs.Awareness;
import dev.weft.yjs.AwarenessState;
import dev.weft.yjs.AwarenessUpdates;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;

/** Cursors that move: a payload of one person among fifty is decoded and taken in. */
public class AwarenessBenchmark extends Workload {
    private Awareness awareness = new Awareness(1_000);
    private List<byte[]> payloads = List.of();
    private int next;

    @Override
    protected void prepare(Document loaded) {
        payloads = loaded.updates();
    }

    @Row(operation = "apply awareness", documents = "cursors")
    @Benchmark
    public List<AwarenessState> apply() {
        if (next == payloads.size()) {
            next = 0;
            awareness = new Awareness(1_000); // To the old one nothing would be news.
        }
        return awareness.apply(AwarenessUpdates.decode(payloads.get(next++)));
    }
}
