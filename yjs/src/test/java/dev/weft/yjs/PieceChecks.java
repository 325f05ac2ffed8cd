package dev.weft.yjs;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What must hold for every cut into pieces, wherever the updates come from. */
final class PieceChecks {
    /** Beside its structs a piece has a header for each client, and the numbers of clients. */
    private static final int HEADERS = 40;

    private PieceChecks() {}

    static List<byte[]> cut(List<byte[]> updates, StateVector have, int size) {
        List<IndexedUpdate> indexed = updates.stream().map(IndexedUpdate::of).toList();
        return IndexedUpdate.pieces(indexed, have, size).stream()
                .map(UpdatePlan::toByteArray)
                .toList();
    }

    /** What is remembered of a cut makes the same pieces of copies of the updates, and says whether something waits after them. */
    private static void outline(List<byte[]> updates, int size, List<byte[]> pieces, Receiver receiver, String label) {
        PieceOutline outline =
                PieceOutline.of(updates.stream().map(IndexedUpdate::of).toList(), size);
        List<byte[]> copies = updates.stream().map(byte[]::clone).toList();
        assertThat(outline.pieces(copies).stream().map(UpdatePlan::toByteArray).toList())
                .as("of an outline, %s", label)
                .containsExactlyElementsOf(pieces);
        assertThat(outline.isComplete()).as("complete, %s", label).isEqualTo(receiver.pending() == 0);
        StateVector after = outline.stateVector();
        for (int i = 0; i < after.size(); i++) {
            assertThat(receiver.known(after.client(i))).as(label).isEqualTo(after.clockAt(i));
        }
    }

    /** Checks a cut. @return the pieces */
    static List<byte[]> check(List<byte[]> updates, StateVector have, int size, String label) {
        List<byte[]> pieces = cut(updates, have, size);
        boolean isChecked = updates.stream().allMatch(PieceChecks::passes);
        Receiver receiver = new Receiver(have);
        for (int i = 0; i < pieces.size(); i++) {
            byte[] piece = pieces.get(i);
            String here = "piece %s of %s, %s".formatted(i, pieces.size(), label);
            if (isChecked) {
                Updates.check(piece);
            }
            assertThat(hasOneBlockEach(piece)).as(here).isTrue();
            receiver.apply(piece);
            if (i < pieces.size() - 1) {
                assertThat(receiver.pending()).as("waiting after %s", here).isZero();
                assertThat(piece[piece.length - 1]).as("deletions of %s", here).isZero();
                if (structs(piece) > 1) {
                    assertThat(piece.length).as(here).isLessThanOrEqualTo(size + HEADERS);
                }
            }
        }
        same(updates, have, pieces, label);
        if (have.isEmpty()) {
            outline(updates, size, pieces, receiver, label);
        }
        // A part of a struct does not say any more what the whole depends on: of two updates, one of which has the
        // part, either may count.
        boolean isMeasure = updates.size() == 1 || have.isEmpty();
        if (isMeasure && !History.hasCollectedElsewhere(updates)) {
            Receiver whole = new Receiver(have);
            whole.apply(Updates.diff(Updates.merge(updates), have));
            assertThat(receiver.pending() > 0)
                    .as("waiting in the end, %s", label)
                    .isEqualTo(whole.pending() > 0);
            for (byte[] update : updates) {
                StructReader reader = StructReader.of(Input.trusting(update));
                while (reader.nextBlock()) {
                    assertThat(receiver.known(reader.client)).as(label).isEqualTo(whole.known(reader.client));
                    while (reader.next()) {
                        // On to the next block.
                    }
                }
            }
        }
        return pieces;
    }

    /** Together they hold what a difference holds. */
    private static void same(List<byte[]> updates, StateVector have, List<byte[]> pieces, String label) {
        byte[] expected = Updates.diff(Updates.merge(updates), have);
        byte[] actual = Updates.merge(pieces);
        assertThat(Contents.of(actual).covers(expected))
                .as("has all, %s", label)
                .isTrue();
        assertThat(Contents.of(expected).covers(actual))
                .as("has no more, %s", label)
                .isTrue();
        if (updates.size() == 1 && !hasCollected(expected)) {
            assertThat(HistoryChecks.hex(actual))
                    .as(label)
                    .isEqualTo(HistoryChecks.hex(Updates.merge(List.of(expected))));
        }
    }

    private static boolean passes(byte[] update) {
        try {
            Updates.check(update);
            return true;
        } catch (MalformedException e) {
            return false;
        }
    }

    private static boolean hasOneBlockEach(byte[] piece) {
        StructReader reader = StructReader.of(Input.trusting(piece));
        long previous = Long.MAX_VALUE;
        while (reader.nextBlock()) {
            if (reader.client >= previous) {
                return false;
            }
            previous = reader.client;
            while (reader.next()) {
                // On to the next block.
            }
        }
        return true;
    }

    private static int structs(byte[] piece) {
        StructReader reader = StructReader.of(Input.trusting(piece));
        int count = 0;
        while (reader.nextBlock()) {
            while (reader.next()) {
                count++;
            }
        }
        return count;
    }

    /** Whether there are GC structs, which a merge joins. */
    private static boolean hasCollected(byte[] update) {
        StructReader reader = StructReader.of(Input.trusting(update));
        while (reader.nextBlock()) {
            while (reader.next()) {
                if (reader.kind() == StructReader.GC) {
                    return true;
                }
            }
        }
        return false;
    }
}
