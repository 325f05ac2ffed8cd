package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HexFormat;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeleteSetTest {
    private static final int CLIENTS = 5;
    private static final int CLOCKS = 60;

    private static @Nullable DeleteSet read(byte[] bytes) {
        return DeleteSet.readIfCanonical(Input.trusting(bytes));
    }

    private static byte[] written(DeleteSet set) {
        Assembly out = new Assembly(16);
        set.writeTo(out);
        return out.toByteArray();
    }

    private static byte[] written(RangeSet set) {
        Output out = new Output(16);
        set.writeDeleteSet(out);
        return out.toByteArray();
    }

    @Test
    void canonicalSetIsTakenAsItIs() {
        byte[] bytes = Bytes.of(2, 200, 1, 1_000, 7, 9, 2, 0, 3, 5, 1);
        DeleteSet set = read(bytes);
        assertThat(set).isNotNull();
        assertThat(written(set)).isEqualTo(bytes);
        assertThat(set.isEmpty()).isFalse();
        assertThat(read(Bytes.of(0))).matches(DeleteSet::isEmpty);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "010702" + "0501" + "0001", // descending ranges
                "010702" + "0003" + "0301", // touching ranges
                "010702" + "0003" + "0201", // overlapping ranges
                "02" + "03010001" + "07010001", // ascending clients
                "02" + "07010001" + "07010301", // one client twice
                "01" + "0700", // no range
                "010701" + "8000" + "01" // a longer integer than needed
            })
    void anyOtherIsNot(String hex) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(read(bytes)).isNull();
    }

    @RepeatedTest(20)
    void unionHasWhatEitherHas() {
        long seed = Long.getLong("weft.seed", new Random().nextInt(1_000_000_000));
        Random random = new Random(seed);
        RangeSet left = some(random);
        RangeSet right = some(random);
        RangeSet.Builder both = new RangeSet.Builder();
        left.addTo(both);
        right.addTo(both);
        byte[] expected = written(both.build());
        assertThat(written(DeleteSet.of(left).union(DeleteSet.of(right))))
                .as("seed %s", seed)
                .isEqualTo(expected);
        assertThat(written(DeleteSet.of(right).union(DeleteSet.of(left))))
                .as("seed %s", seed)
                .isEqualTo(expected);
    }

    @RepeatedTest(20)
    void cursorFindsWhatIsDeleted() {
        long seed = Long.getLong("weft.seed", new Random().nextInt(1_000_000_000));
        Random random = new Random(seed);
        RangeSet set = some(random);
        DeleteSet same = DeleteSet.of(set);
        for (long client = 0; client <= CLIENTS; client++) {
            DeleteSet.Cursor cursor = same.cursor(client);
            for (long clock = 0; clock < 2 * CLOCKS; clock += 1 + random.nextInt(4)) {
                cursor.seek(clock);
                assertThat(cursor.from() <= clock)
                        .as("seed %s, client %s, clock %s", seed, client, clock)
                        .isEqualTo(set.covers(client, clock, clock + 1));
            }
        }
    }

    private static RangeSet some(Random random) {
        RangeSet.Builder builder = new RangeSet.Builder();
        for (int left = random.nextInt(30); left > 0; left--) {
            long from = random.nextInt(CLOCKS);
            builder.add(random.nextInt(CLIENTS), from, from + 1 + random.nextInt(6));
        }
        return builder.build();
    }
}
