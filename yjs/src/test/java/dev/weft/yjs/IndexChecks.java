package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;

/** What must hold for indexed updates, whatever they are: the results of {@link Updates}, and an index that tells the truth. */
final class IndexChecks {
    private IndexChecks() {}

    /** Everything about some updates, which are split at random into indexed ones and others. */
    static void check(List<byte[]> updates, Supplier<StateVector> vectors, Random random, String name) {
        List<byte[]> all = new ArrayList<>();
        List<IndexedUpdate> indexed = new ArrayList<>();
        int base = random.nextInt(updates.size() + 1);
        int documents = base + random.nextInt(updates.size() - base + 1);
        if (base > 0) {
            byte[] merged = random.nextInt(4) > 0 ? Updates.merge(updates.subList(0, base)) : updates.getFirst();
            indexed.add(stored(merged, random, name));
        }
        for (int i = base; i < documents; i++) {
            indexed.add(stored(updates.get(i), random, name));
        }
        indexed.forEach(document -> all.add(document.bytes()));
        List<byte[]> others = updates.subList(documents, updates.size());
        all.addAll(others);

        UpdatePlan plan = IndexedUpdate.merge(indexed, others);
        byte[] expected = Updates.merge(all);
        same(plan, expected, "merge, " + name);
        IndexedUpdate merged = plan.toIndexed();
        checkIndex(merged, "index of the merge, " + name);

        IndexedUpdate twice =
                merged.merge(updates.subList(0, Math.min(2, updates.size()))).toIndexed();
        checkIndex(twice, "index after two merges, " + name);
        operations(merged, updates, vectors, name);
        indexed.forEach(document -> operations(document, updates, vectors, name));
    }

    /** An update with its index, either made here or read from its encoding. */
    private static IndexedUpdate stored(byte[] update, Random random, String name) {
        IndexedUpdate made = IndexedUpdate.of(update);
        checkIndex(made, "index, " + name);
        if (random.nextBoolean()) {
            return made;
        }
        byte[] encoded = made.index().encode();
        UpdateIndex decoded = UpdateIndex.decode(encoded);
        assertThat(decoded.encode()).as("encoded again, %s", name).isEqualTo(encoded);
        IndexedUpdate read = IndexedUpdate.of(update, decoded);
        checkIndex(read, "decoded index, " + name);
        return read;
    }

    private static void operations(
            IndexedUpdate document, List<byte[]> updates, Supplier<StateVector> vectors, String name) {
        byte[] bytes = document.bytes();
        assertThat(document.stateVector()).as("state vector, %s", name).isEqualTo(Updates.stateVector(bytes));
        Contents contents = Contents.of(bytes);
        for (byte[] update : updates) {
            assertThat(document.covers(update)).as("covers, %s", name).isEqualTo(contents.covers(update));
        }
        for (int i = 0; i < 4; i++) {
            StateVector have = vectors.get();
            byte[] expected = Updates.diff(bytes, have);
            UpdatePlan difference = document.difference(have);
            same(difference, expected, "difference from " + have + ", " + name);
            checkIndex(difference.toIndexed(), "index of the difference, " + name);
            assertThat(document.covers(expected))
                    .as("covers its own part, %s", name)
                    .isEqualTo(contents.covers(expected));
        }
    }

    /** That a plan is the update that was expected, in every form that it takes. */
    private static void same(UpdatePlan plan, byte[] expected, String name) {
        assertThat(HistoryChecks.hex(plan.toByteArray())).as(name).isEqualTo(HistoryChecks.hex(expected));
        assertThat(plan.size()).isEqualTo(expected.length);
        ByteBuffer together = ByteBuffer.allocate(expected.length);
        for (ByteBuffer buffer : plan.buffers()) {
            assertThat(buffer.isReadOnly() && buffer.hasRemaining()).isTrue();
            together.put(buffer);
        }
        assertThat(together.array()).as("buffers, %s", name).isEqualTo(expected);
        try {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            plan.writeTo(stream);
            assertThat(stream.toByteArray()).as("stream, %s", name).isEqualTo(expected);
            stream.reset();
            plan.writeTo(Channels.newChannel(stream));
            assertThat(stream.toByteArray()).as("channel, %s", name).isEqualTo(expected);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** That an index says of an update what a scan finds, and that its places are neither wrong nor too far apart. */
    static void checkIndex(IndexedUpdate indexed, String name) {
        byte[] bytes = indexed.bytes();
        IndexTables tables = indexed.tables();
        IndexTables scanned = IndexedUpdate.of(bytes).tables();
        assertThat(tables.length()).as(name).isEqualTo(bytes.length);
        assertThat(tables.hasCanonicalDeletions()).as(name).isEqualTo(scanned.hasCanonicalDeletions());
        assertThat(describe(tables.structs())).as("structs, %s", name).isEqualTo(describe(scanned.structs()));
        assertThat(describe(tables.deletions())).as("deletions, %s", name).isEqualTo(describe(scanned.deletions()));
        structPlaces(bytes, tables.structs(), name);
        deletionPlaces(bytes, tables.deletions(), name);
        distances(tables.structs(), name);
        distances(tables.deletions(), name);
    }

    private static List<String> describe(IndexTable table) {
        List<String> lines = new ArrayList<>();
        lines.add(table.start() + "-" + table.end() + (table.isDescending() ? "" : " unsorted"));
        for (int b = 0; b < table.blocks(); b++) {
            lines.add("%d: %d structs, header %d-%d, to %d"
                    .formatted(
                            table.client(b),
                            table.blockEntries(b),
                            table.header(b),
                            table.entriesStart(b),
                            table.blockEnd(b)));
            for (int r = table.firstRun(b); r < table.firstRun(b + 1); r++) {
                lines.add("  %d-%d: %d after %d, bytes %d-%d, last %d"
                        .formatted(
                                table.clock(r),
                                table.clockAfter(r),
                                table.entries(r),
                                table.before(r),
                                table.from(r),
                                table.to(r),
                                table.last(r)));
            }
        }
        return lines;
    }

    private static void structPlaces(byte[] bytes, IndexTable table, String name) {
        StructReader reader = StructReader.of(Input.trusting(bytes));
        int found = 0;
        while (reader.nextBlock()) {
            int inRun = 0;
            while (reader.next()) {
                inRun = reader.kind() == StructReader.SKIP ? 0 : inRun + 1;
                if (found < table.places().size() && table.places().offset(found) == reader.start) {
                    assertThat(table.places().clock(found)).as(name).isEqualTo(reader.clock);
                    assertThat(table.places().entry(found)).as(name).isEqualTo(inRun - 1);
                    found++;
                }
            }
        }
        assertThat(found)
                .as("places of structs, %s", name)
                .isEqualTo(table.places().size());
    }

    private static void deletionPlaces(byte[] bytes, IndexTable table, String name) {
        DeleteSetReader reader = new DeleteSetReader(Input.trusting(bytes, table.start(), bytes.length));
        int found = 0;
        while (reader.next() && found < table.places().size()) {
            if (table.places().offset(found) == reader.start) {
                int r = table.firstRun(table.blockOf(reader.client));
                assertThat(table.places().clock(found)).as(name).isEqualTo(reader.clock);
                assertThat(table.places().entry(found)).as(name).isEqualTo(table.entries(r) - reader.rangesLeft() - 1);
                found++;
            }
        }
        assertThat(found)
                .as("places of deletions, %s", name)
                .isEqualTo(table.places().size());
    }

    private static void distances(IndexTable table, String name) {
        for (int r = 0; r < table.runs(); r++) {
            int previous = 0;
            int beforePrevious = -Checkpoints.SPACING;
            for (int i = table.firstPlace(r); i <= table.firstPlace(r + 1); i++) {
                int entry = i < table.firstPlace(r + 1) ? table.places().entry(i) : table.entries(r);
                assertThat(entry - previous).as("distance, %s", name).isBetween(1, Checkpoints.SPACING);
                assertThat(entry - beforePrevious).as("crowded, %s", name).isGreaterThan(Checkpoints.SPACING);
                beforePrevious = previous;
                previous = entry;
            }
        }
    }
}
