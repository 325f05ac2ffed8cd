package dev.weft.benchmarks.load;

import dev.weft.yjs.StateVector;
import dev.weft.yjs.YDoc;
import dev.weft.yjs.YDocOptions;
import dev.weft.yjs.YText;
import java.util.Objects;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who appends to a text, always the same number of characters, so that the clock of an update tells which one it is. For one thread at
 * a time.
 */
final class Typist {
    /** What an update takes beside its text: counts, twice a client id of five bytes and a clock, lengths. */
    private static final int OVERHEAD = 21;

    private final long client = ThreadLocalRandom.current().nextLong(1L << 31, 1L << 32);
    private final YDoc doc = new YDoc(YDocOptions.builder().clientId(client).build());
    private final YText text = doc.getText("load");
    private final int stride;
    private byte @Nullable [] latest;

    /** @param bytes about the size of an update; 22 at least */
    Typist(int bytes) {
        stride = Math.max(1, bytes - OVERHEAD);
        doc.onUpdate(event -> latest = event.update());
    }

    long client() {
        return client;
    }

    /** How many clocks an update takes. */
    int stride() {
        return stride;
    }

    /** Writes on. @return the update */
    byte[] type() {
        StringBuilder next = new StringBuilder(stride);
        ThreadLocalRandom random = ThreadLocalRandom.current();
        for (int i = 0; i < stride; i++) {
            next.append((char) ('a' + random.nextInt(26)));
        }
        text.insert(text.length(), next.toString());
        return Objects.requireNonNull(latest);
    }

    StateVector stateVector() {
        return doc.stateVector();
    }

    String text() {
        return text.toString();
    }

    /** The text that an update, or several merged, gives an empty document. */
    static String textOf(byte[] update) {
        YDoc doc = new YDoc();
        doc.applyUpdate(update);
        return doc.getText("load").toString();
    }
}
