package dev.weft.benchmarks.load;

import dev.weft.yjs.Updates;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Compares the updates that one client receives with those that were sent: each of them, in order, none missing, to the byte. Several of them
 * merged into one are taken apart again. Repetitions do no harm. Confined to the event loop of its lane.
 */
final class UpdateObserver implements RoomListener {
    private static final int GC = 0;

    private final SentLog sent;
    private final long client;
    private final int stride;
    private final Lane lane;
    private final Cursor cursor = new Cursor();
    /** The first one that has not come. */
    private int next;

    private int merged;
    private @Nullable String failure;

    UpdateObserver(SentLog sent, Typist typist, Lane lane) {
        this.sent = sent;
        this.client = typist.client();
        this.stride = typist.stride();
        this.lane = lane;
    }

    /** On the loop: how many have come without a gap. */
    int received() {
        return next;
    }

    /** On the loop: how many messages held several updates. */
    int merged() {
        return merged;
    }

    /** On the loop: what was wrong first. */
    Optional<String> failure() {
        if (failure == null && next < sent.size()) {
            return Optional.of("update " + next + " of " + sent.size() + " and what follows it did not arrive");
        }
        return Optional.ofNullable(failure);
    }

    @Override
    public void update(boolean step2, Cursor update) {
        int length = update.remaining();
        Cursor head = cursor.over(update.buffer(), update.at(), update.at() + length);
        if (head.varUint() == 0) {
            return; // No structs: the empty step 2 of a room that began empty.
        }
        head.varUint();
        long from = head.varUint();
        long clock = head.varUint();
        if (from == client && clock == (long) next * stride && next < sent.size()) {
            if (update.matches(sent.payload(next), length)) {
                arrived(next + 1);
                return;
            }
        }
        unexpected(from, clock, update.copy(length));
    }

    @Override
    public void updatePart(boolean step2, ByteBuf bytes, int from, int length, boolean first, boolean last) {
        fail("an update of more than 1 MB arrived, which nobody sent");
    }

    private void arrived(int until) {
        for (; next < until; next++) {
            if (sent.isMeasured(next)) {
                lane.record(System.nanoTime() - sent.nanos(next));
            }
            lane.count(1);
        }
    }

    private void unexpected(long from, long clock, byte[] update) {
        int index = (int) (clock / stride);
        if (from != client || clock % stride != 0 || index >= sent.size()) {
            fail("an update of client " + from + " at clock " + clock + " arrived, which nobody sent");
        } else if (index > next) {
            fail("update " + index + " arrived, but not update " + next);
            if (Arrays.equals(update, sent.payload(index))) {
                next = index + 1;
            }
        } else if (!Arrays.equals(update, sent.payload(index))) {
            several(index, update);
        }
    }

    /** Several in one: how far they go, and whether they say the same as what was sent. */
    private void several(int first, byte[] update) {
        byte[] before = passedOver(first * (long) stride);
        long end = Updates.stateVector(Updates.merge(List.of(before, update))).clock(client);
        int until = (int) (end / stride);
        if (end % stride != 0 || until > sent.size()) {
            fail("an update that begins at " + first + " ends at clock " + end + ", where none that was sent ends");
            return;
        }
        List<byte[]> expected = new ArrayList<>();
        for (int i = first; i < until; i++) {
            expected.add(sent.payload(i));
        }
        if (!Arrays.equals(update, Updates.merge(expected)) && !sameText(first, expected, update)) {
            fail("updates " + first + " to " + until + " arrived as one that says something else");
            return;
        }
        merged++;
        arrived(Math.max(next, until));
    }

    private boolean sameText(int first, List<byte[]> expected, byte[] update) {
        List<byte[]> all = new ArrayList<>();
        for (int i = 0; i < first; i++) {
            all.add(sent.payload(i));
        }
        List<byte[]> other = new ArrayList<>(all);
        all.addAll(expected);
        other.add(update);
        return Typist.textOf(Updates.merge(all)).equals(Typist.textOf(Updates.merge(other)));
    }

    /** The first clocks of the client, as if collected: {@code 1 client, 1 struct, client, clock 0, GC, length; no deletions}. */
    private byte[] passedOver(long clocks) {
        if (clocks == 0) {
            return Updates.empty();
        }
        Varints out = new Varints();
        return out.write(1)
                .write(1)
                .write(client)
                .write(0)
                .write(GC)
                .write(clocks)
                .write(0)
                .toByteArray();
    }

    private void fail(String what) {
        if (failure == null) {
            failure = what;
        }
    }
}
