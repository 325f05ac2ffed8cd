package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Structs that are passed over many at a time, beside the same ones read one by one. {@code -Dweft.seed=} says which random block comes
 * first; a failure names its seed.
 */
class CommonStructsTest {
    private static final int BLOCKS = 3_000;
    private static final long FIRST_SEED = Long.getLong("weft.seed", new Random().nextInt(1 << 30));

    private static final long CLIENT = 77;
    private static final String LONG_TEXT = "a text of more than one word, with löß, €uro and x😀y";

    /** Values by their types, plain ones, and those that hold others. */
    private static final List<byte[]> VALUES = List.of(
            Bytes.of(Any.UNDEFINED),
            Bytes.of(Any.NULL),
            Bytes.of(Any.TRUE),
            Bytes.of(Any.FALSE),
            Bytes.of(Any.INTEGER, 5),
            Bytes.of(Any.INTEGER, 123_456_789),
            Bytes.of(Any.INTEGER, (1L << 48) - 1),
            Bytes.of(Any.INTEGER, (1L << 52) - 1),
            Bytes.of(Any.FLOAT32, new byte[] {-1, -1, -1, -1}),
            Bytes.of(Any.FLOAT64, new byte[] {-1, -1, -1, -1, -1, -1, -1, -1}),
            Bytes.of(Any.BIGINT, new byte[] {0, 1, 2, 3, 4, 5, 6, 7}),
            Bytes.of(Any.STRING, ""),
            Bytes.of(Any.STRING, LONG_TEXT),
            Bytes.of(Any.STRING, LONG_TEXT.repeat(4)),
            Bytes.of(Any.BYTES, "abc"),
            Bytes.of(Any.ARRAY, 2, Any.TRUE, Any.NULL),
            Bytes.of(Any.OBJECT, 0),
            Bytes.of(Any.OBJECT, 3, "v", Any.INTEGER, 99, "f", Any.STRING, "=SUM(A1:B2)", "", Any.NULL),
            Bytes.of(Any.OBJECT, 1, LONG_TEXT.repeat(4), Any.TRUE),
            Bytes.of(Any.OBJECT, 1, "k", Any.OBJECT, 1, "v", Any.TRUE));

    /** One struct as a reader tells of it. */
    private record Read(long clock, long length, int info, int start, int end, int left) {
        static Read of(StructReader reader) {
            return new Read(reader.clock, reader.length, reader.info, reader.start, reader.end, reader.structsLeft());
        }
    }

    @Test
    void whatIsPassedIsWhatIsReadOneByOne() {
        int passed = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + BLOCKS; seed++) {
            Random random = new Random(seed);
            byte[] update = update(random, 2 + random.nextInt(120));
            List<Read> all = oneByOne(update);
            for (int i = 0; i < 4; i++) {
                passed += compare(update, all, to(random, all), seed);
            }
        }
        assertThat(passed).as("few were common, seed %d", FIRST_SEED).isGreaterThan(BLOCKS * 20);
    }

    @Test
    void whatIsWrongIsFoundAllTheSame() {
        int wrong = 0;
        for (long seed = FIRST_SEED; seed < FIRST_SEED + 4 * BLOCKS; seed++) {
            Random random = new Random(seed);
            byte[] update = Mutations.of(List.of(update(random, 1 + random.nextInt(60))), random);
            Object expected = outcome(update, false);
            assertThat(outcome(update, true)).as("seed %d", seed).isEqualTo(expected);
            wrong += expected instanceof String ? 1 : 0;
        }
        assertThat(wrong).as("seed %d", FIRST_SEED).isGreaterThan(BLOCKS / 2);
    }

    @Test
    void textTypedKeyByKeyIsPassedInOneGo() {
        List<byte[]> structs = new ArrayList<>(Collections.nCopies(1_000, Bytes.itemAfter(4, CLIENT, 0, "a")));
        structs.add(Bytes.of(new byte[CommonStructs.ROOM]));
        StructReader reader = reader(block(structs, 1_000));
        assertThat(reader.next()).isTrue();
        reader.passCommon(700);
        assertThat(Read.of(reader)).isEqualTo(new Read(699, 1, 0x84, 5 + 699 * 5, 5 + 700 * 5, 300));
        assertThat(reader.clockAfter()).isEqualTo(700);
        reader.passCommon(700);
        assertThat(reader.clock).as("the next one ends later").isEqualTo(699);
        reader.passCommon(Input.MAX_INTEGER);
        assertThat(reader.clock).isEqualTo(999);
        assertThat(reader.next()).isFalse();
    }

    /** The sizes of the ids before are remembered, and before the first ones there is nothing that could look alike. */
    @Test
    void idsWithoutAnEndAreNotTakenForThoseOfTheStructBefore() {
        byte[] endless = new byte[CommonStructs.ROOM + 100];
        Arrays.fill(endless, (byte) 0xff);
        byte[] first = Bytes.itemAfter(4, CLIENT, 0, "a");
        byte[] ids = {(byte) 0xc4};
        StructReader reader = reader(Bytes.of(1, 2, CLIENT, 0, first, ids, endless));
        assertThat(reader.next()).isTrue();
        reader.passCommon(Input.MAX_INTEGER);
        assertThat(reader.clockAfter()).isEqualTo(1);
        assertThatThrownBy(reader::next).isInstanceOf(MalformedException.class);
    }

    /** Reads on with both, compares after each step. @return how many structs were passed */
    private static int compare(byte[] update, List<Read> all, long to, long seed) {
        StructReader reader = reader(update);
        int passed = 0;
        int at = -1;
        while (reader.next()) {
            at++;
            assertThat(Read.of(reader)).as("seed %d", seed).isEqualTo(all.get(at));
            int before = reader.structsLeft();
            reader.passCommon(to);
            int count = before - reader.structsLeft();
            passed += count;
            at += count;
            assertThat(Read.of(reader)).as("seed %d, to %d", seed, to).isEqualTo(all.get(at));
            assertThat(reader.clockAfter()).isEqualTo(reader.clock + reader.length);
            if (count > 0) {
                assertThat(reader.clockAfter()).as("seed %d", seed).isLessThanOrEqualTo(to);
                assertThat(reader.kind()).as("seed %d", seed).isNotEqualTo(StructReader.SKIP);
            }
        }
        assertThat(at).as("seed %d", seed).isEqualTo(all.size() - 1);
        return passed;
    }

    private static List<Read> oneByOne(byte[] update) {
        StructReader reader = reader(update);
        List<Read> all = new ArrayList<>();
        while (reader.next()) {
            all.add(Read.of(reader));
        }
        return all;
    }

    /** The last struct of each block; the message if the structs cannot be read. */
    private static Object outcome(byte[] update, boolean passing) {
        List<Read> lasts = new ArrayList<>();
        try {
            StructReader reader = StructReader.passingIds(Input.trusting(update));
            while (reader.nextBlock()) {
                Read last = null;
                while (reader.next()) {
                    if (passing) {
                        reader.passCommon(Input.MAX_INTEGER);
                    }
                    last = Read.of(reader);
                }
                if (last != null) {
                    lasts.add(last);
                }
            }
            return lasts;
        } catch (MalformedException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static long to(Random random, List<Read> all) {
        Read some = all.get(random.nextInt(all.size()));
        return random.nextInt(4) == 0 ? Input.MAX_INTEGER : some.clock() + random.nextInt(3);
    }

    private static StructReader reader(byte[] update) {
        StructReader reader = StructReader.passingIds(Input.trusting(update));
        assertThat(reader.nextBlock()).isTrue();
        return reader;
    }

    /** A block at the end of which not everything is near the end of the bytes. */
    private static byte[] update(Random random, int count) {
        List<byte[]> structs = new ArrayList<>();
        byte[] before = struct(random);
        for (int i = 0; i < count; i++) {
            // Structs like the one before, as in a text.
            before = random.nextInt(3) == 0 ? before : struct(random);
            structs.add(before);
        }
        if (random.nextBoolean()) {
            structs.add(new byte[random.nextInt(2 * CommonStructs.ROOM)]);
        }
        return block(structs, count);
    }

    private static byte[] block(List<byte[]> structs, int count) {
        return Bytes.of(1, count, CLIENT, 0, Bytes.of(structs.toArray()), 0);
    }

    private static byte[] struct(Random random) {
        int kind = random.nextInt(StructReader.SKIP + 1);
        if (kind == StructReader.GC || kind == StructReader.SKIP) {
            return Bytes.of(kind, length(random));
        }
        int flags = random.nextInt(8) << 5;
        List<Object> parts = new ArrayList<>(List.of(new byte[] {(byte) (kind | flags)}));
        for (int flag : new int[] {StructReader.HAS_ORIGIN, StructReader.HAS_RIGHT_ORIGIN}) {
            if ((flags & flag) != 0) {
                id(parts, random);
            }
        }
        if ((flags & (StructReader.HAS_ORIGIN | StructReader.HAS_RIGHT_ORIGIN)) == 0) {
            boolean isRoot = random.nextInt(4) == 0;
            parts.add(isRoot ? 1 : 0);
            if (isRoot) {
                parts.add("root");
            } else {
                id(parts, random);
            }
            if ((flags & StructReader.HAS_KEY) != 0) {
                parts.add(text(random));
            }
        }
        content(parts, kind, random);
        return Bytes.of(parts.toArray());
    }

    private static void id(List<Object> parts, Random random) {
        parts.add(random.nextLong(1L << (1 + random.nextInt(random.nextInt(5) == 0 ? 53 : 32))));
        parts.add(random.nextLong(1L << (1 + random.nextInt(random.nextInt(5) == 0 ? 53 : 22))));
    }

    private static void content(List<Object> parts, int kind, Random random) {
        switch (kind) {
            case StructReader.DELETED -> parts.add(length(random));
            case StructReader.JSON -> parts.addAll(List.of(2, "1", "undefined"));
            case StructReader.TYPE -> {
                int type = random.nextInt(StructReader.LAST_TYPE + 1);
                parts.add(type);
                if (type == StructReader.XML_ELEMENT || type == StructReader.XML_HOOK) {
                    parts.add("p");
                }
            }
            case StructReader.FORMAT -> parts.addAll(List.of(text(random), text(random)));
            case StructReader.ANY -> {
                int count = random.nextInt(4) == 0 ? 2 : 1;
                parts.add(count);
                for (int i = 0; i < count; i++) {
                    parts.add(VALUES.get(random.nextInt(VALUES.size())));
                }
            }
            case StructReader.DOC -> parts.addAll(List.of("guid", Bytes.of(Any.OBJECT, 0)));
            default -> parts.add(text(random));
        }
    }

    private static String text(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> LONG_TEXT;
            case 1 -> LONG_TEXT.repeat(1 + random.nextInt(8));
            case 2 -> "é";
            default -> "a";
        };
    }

    private static long length(Random random) {
        return 1 + random.nextLong(1L << random.nextInt(random.nextInt(5) == 0 ? 30 : 8));
    }
}
