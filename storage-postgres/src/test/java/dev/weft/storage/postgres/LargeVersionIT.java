package dev.weft.storage.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.settings.Settings;
import dev.weft.storage.DocumentId;
import dev.weft.storage.DocumentStorage;
import dev.weft.testing.TestPostgres;
import dev.weft.yjs.StateVector;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class LargeVersionIT {
    private static final int BYTES = 100_000_000;
    private static final long LITTLE = 4_000_000;
    private static final DocumentId DOCUMENT = DocumentId.ofRoom("large");

    /** What a thread allocates in all is no less than what it holds at one time. */
    @Test
    void largeVersionIsNotCopiedWhenItIsStoredAndOnceWhenItIsLoaded() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        byte[] update = new byte[BYTES];
        new Random(1).nextBytes(update);
        try (DocumentStorage storage = new PostgresStorageProvider()
                .open(Settings.of(Map.of("POSTGRES", TestPostgres.shared().createDatabase())))) {
            storage.store(DOCUMENT, new byte[1], StateVector.empty());
            storage.discard(
                    DOCUMENT,
                    storage.load(DOCUMENT).stream()
                            .map(version -> version.reference())
                            .toList());

            long before = threads.getCurrentThreadAllocatedBytes();
            storage.store(DOCUMENT, update, StateVector.empty());
            long stored = threads.getCurrentThreadAllocatedBytes();
            storage.list(DOCUMENT);
            long listed = threads.getCurrentThreadAllocatedBytes();
            byte[] loaded = storage.load(DOCUMENT).getFirst().update();
            long end = threads.getCurrentThreadAllocatedBytes();

            assertThat(Arrays.equals(loaded, update)).isTrue();
            assertThat(stored - before).isLessThan(LITTLE);
            assertThat(listed - stored).isLessThan(LITTLE);
            assertThat(end - listed).isLessThan(BYTES + LITTLE);
        }
    }
}
