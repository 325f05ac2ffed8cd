package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.storage.VersionInfo;
import dev.weft.storage.VersionReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class VersionPolicyTest {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
    private static final long MB = 1 << 20;

    private final VersionPolicy policy = new VersionPolicy(Duration.ofDays(1));

    @Test
    void newDocumentIsOneVersion() {
        assertThat(plan(List.of(), 100 * MB)).isEqualTo(new VersionPolicy.Plan(List.of(), true));
    }

    @Test
    void smallDocumentIsAlwaysOneVersion() {
        List<VersionInfo> live = versions(60_000, 1000, 200);
        assertThat(plan(live, 4000).isWhole()).isTrue();
        assertThat(plan(live, 5000).isWhole()).isFalse();
    }

    @Test
    void littleThatIsNewBecomesAVersionOfItsOwnWhileThereIsRoom() {
        assertThat(plan(versions(20 * MB), 100).versions()).isEmpty();
        assertThat(plan(versions(20 * MB, 6, 5, 4, 3, 2, 1), 100).versions()).isEmpty();
    }

    @Test
    void partsOfMoreThanHalfTheDocumentAreMergedWithIt() {
        assertThat(plan(versions(20 * MB, 4 * MB, 5 * MB), MB).isWhole()).isFalse();
        assertThat(plan(versions(20 * MB, 4 * MB, 5 * MB), MB + 1).isWhole()).isTrue();
        assertThat(plan(versions(20 * MB), 10 * MB + 1).isWhole()).isTrue();
    }

    @Test
    void documentThatWasWrittenWholeLongAgoIsWrittenWholeAgain() {
        VersionInfo old = version("old", 20 * MB, NOW.minus(Duration.ofDays(1)).minusMillis(1));
        VersionInfo part = version("part", 100, NOW);
        assertThat(plan(List.of(old, part), 100).isWhole()).isTrue();
        assertThat(plan(List.of(version("new", 20 * MB, NOW), part), 100).isWhole())
                .isFalse();
        // As versions of y-redis are.
        assertThat(plan(List.of(version("?", 20 * MB, Instant.EPOCH)), 100).isWhole())
                .isTrue();
    }

    @Test
    void smallestPartAndThoseNotLargerThanWhatIsGatheredAreMergedWhenThereAreTooMany() {
        List<VersionInfo> live = versions(20 * MB, 100, 50, 40, 30, 20, 10, 5);
        assertThat(sizes(plan(live, 10))).containsExactly(5L, 10L, 20L, 30L, 40L, 50L, 100L);
        assertThat(sizes(plan(versions(20 * MB, 900, 800, 700, 600, 500, 400, 9), 10)))
                .containsExactly(9L);
        assertThat(sizes(plan(versions(20 * MB, 900, 800, 700, 600, 500, 400, 300), 10)))
                .containsExactly(300L);
        assertThat(sizes(plan(versions(20 * MB, 900, 800, 700, 600, 500, 20, 9), 10)))
                .containsExactly(9L);
    }

    @Test
    void moreVersionsThanMayBeAreBroughtDownAtOnce() {
        // As two workers that cross may leave them.
        long[] sizes = LongStream.rangeClosed(1, 12).map(i -> 1000 * i * i).toArray();
        List<VersionInfo> live = versions(sizes);
        live.add(version("document", 20 * MB, NOW));
        VersionPolicy.Plan plan = plan(live, 10);
        assertThat(plan.isWhole()).isFalse();
        assertThat(live.size() + 1 - plan.versions().size()).isLessThanOrEqualTo(8);
    }

    /** The bytes that are written for each that is new, if nothing becomes smaller by being merged. */
    @Test
    void partsAreWrittenNotMuchMoreOftenThanEightVersionsDemand() {
        assertThat(written(120, 1, 1)).isEqualTo(319); // which is the least possible
        assertThat(written(360, 1, 1)).isLessThan(360 * 46 / 10);
        for (int seed = 0; seed < 50; seed++) {
            assertThat(written(120, 1000, seed)).as("seed %d", seed).isLessThan(4L * 120 * 500);
        }
    }

    /** How many bytes are written for so many tails of sizes up to a limit, beside a document that is never written. */
    private long written(int tails, int largest, long seed) {
        Random random = new Random(seed);
        List<VersionInfo> live = new ArrayList<>(versions(1L << 40));
        long written = 0;
        for (int i = 0; i < tails; i++) {
            long tail = largest == 1 ? 1 : random.nextInt(largest);
            List<VersionInfo> merged = plan(live, tail).versions();
            long bytes = tail + VersionPolicy.bytes(merged);
            written += bytes;
            live.removeAll(merged);
            live.add(version("tail " + i, bytes, NOW));
            assertThat(live).hasSizeLessThanOrEqualTo(8);
        }
        return written;
    }

    private VersionPolicy.Plan plan(List<VersionInfo> live, long tail) {
        return policy.plan(live, tail, NOW);
    }

    private static List<Long> sizes(VersionPolicy.Plan plan) {
        assertThat(plan.isWhole()).isFalse();
        return plan.versions().stream().map(VersionInfo::bytes).toList();
    }

    private static List<VersionInfo> versions(long... sizes) {
        List<VersionInfo> versions = new ArrayList<>();
        for (long size : sizes) {
            versions.add(version(versions.size() + "", size, NOW));
        }
        return versions;
    }

    private static VersionInfo version(String name, long bytes, Instant storedAt) {
        return new VersionInfo(new VersionReference(name), bytes, storedAt);
    }
}
