package dev.weft.benchmarks.load;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What one client sees of all others: the latest clock of each, and that each state is what its sender sent. Client ids are {@code firstClient}
 * and up, clocks count from 1. Confined to the event loop of its lane.
 */
final class PresenceMember implements RoomListener {
    private static final int NULL_LENGTH = 4;

    private final int self;
    private final long firstClient;
    private final List<SentLog> senders;
    private final int[] latest;
    private final Lane lane;
    private int messages;
    private @Nullable String failure;

    /** @param senders what everyone has sent, JSON by clock - 1 */
    PresenceMember(int self, long firstClient, List<SentLog> senders, Lane lane) {
        this.self = self;
        this.firstClient = firstClient;
        this.senders = senders;
        this.latest = new int[senders.size()];
        this.lane = lane;
    }

    @Override
    public void awareness(Cursor payload) {
        messages++;
        long states = payload.varUint();
        for (long i = 0; i < states; i++) {
            long client = payload.varUint();
            long clock = payload.varUint();
            int length = (int) payload.varUint();
            int sender = (int) (client - firstClient);
            if (client >= firstClient && sender < latest.length) {
                state(sender, clock, payload, length);
            }
            payload.skip(length);
        }
    }

    private void state(int sender, long clock, Cursor payload, int length) {
        if (clock <= latest[sender] && length != NULL_LENGTH) {
            return;
        }
        SentLog sent = senders.get(sender);
        int index = (int) clock - 1;
        if (index < 0 || index >= sent.size() || !payload.matches(sent.payload(index), length)) {
            fail("a state of client " + sender + " at clock " + clock + " that it never sent"
                    + (length == NULL_LENGTH ? ": that it left" : ""));
            return;
        }
        latest[sender] = (int) clock;
        lane.count(1);
        if (sent.isMeasured(index)) {
            lane.record(System.nanoTime() - sent.nanos(index));
        }
    }

    /** On the loop: of how many others the last state has not come. */
    int missing() {
        int missing = 0;
        for (int i = 0; i < latest.length; i++) {
            if (i != self && latest[i] != senders.get(i).size()) {
                missing++;
            }
        }
        return missing;
    }

    /** On the loop. */
    int messages() {
        return messages;
    }

    /** On the loop: what was wrong first. */
    Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    private void fail(String what) {
        if (failure == null) {
            failure = what;
        }
    }
}
