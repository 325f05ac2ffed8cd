package dev.weft.room;

import dev.weft.yjs.AwarenessState;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Who is in a room: the latest awareness state of each client, in a hash that expires. A client that has left stays in it for a while as a
 * tombstone, so that an older state that comes late, by another node, does not bring it back. JSON passes through unread.
 */
final class PresenceStore {
    /** Clients renew their state every 15 s and give up one that was silent for this long. */
    private static final long SILENT_MILLIS = 30_000;

    private static final long KEEP_MILLIS = 60_000;
    private static final int MAX_CLIENTS = 10_000;
    private static final int MAX_BYTES = 1 << 20;

    private final Lanes lanes;
    private final CommandConnection reads;
    private final RoomKeys keys;
    private final Script merge = new Script("presence", ScriptOutputType.INTEGER);

    PresenceStore(Lanes lanes, CommandConnection reads, RoomKeys keys) {
        this.lanes = lanes;
        this.reads = reads;
        this.keys = keys;
    }

    /** Merges and publishes; completes with how many states were news. */
    CompletionStage<Long> publish(RoomName room, List<AwarenessState> states) {
        long bytes = 0;
        List<byte[]> values = new ArrayList<>(2 + 3 * states.size());
        values.add(text(Long.toString(KEEP_MILLIS)));
        values.add(text(Integer.toString(MAX_CLIENTS)));
        for (AwarenessState state : states) {
            values.add(text(Long.toString(state.client())));
            values.add(text(Long.toString(state.clock())));
            values.add(state.json());
            bytes += state.json().length;
        }
        if (bytes > MAX_BYTES) {
            return CompletableFuture.failedFuture(
                    new IllegalArgumentException(bytes + " bytes of presence at once; " + MAX_BYTES + " are allowed"));
        }
        return merge.call(
                lanes.commands(), new String[] {keys.presence(room), keys.stream(room)}, values.toArray(byte[][]::new));
    }

    /** The states of those who are there. */
    CompletionStage<List<AwarenessState>> read(RoomName room) {
        CompletionStage<Map<String, byte[]>> hash = reads.commands().hgetall(keys.presence(room));
        CompletionStage<List<byte[]>> time = reads.commands().time();
        return hash.thenCombine(time, (states, now) -> there(states, millis(now)));
    }

    private static long millis(List<byte[]> time) {
        return number(time.get(0), 0, time.get(0).length) * 1000 + number(time.get(1), 0, time.get(1).length) / 1000;
    }

    /**
     * The states of those who are there.
     *
     * @param now Redis's time, in milliseconds
     */
    static List<AwarenessState> there(Map<String, byte[]> hash, long now) {
        List<AwarenessState> states = new ArrayList<>(hash.size());
        hash.forEach((client, value) -> {
            int clockEnd = indexOfSpace(value, 0);
            int timeEnd = clockEnd < 0 ? -1 : indexOfSpace(value, clockEnd + 1);
            if (timeEnd < 0) {
                return; // 'swept', when the script last dropped the silent
            }
            byte[] json = Arrays.copyOfRange(value, timeEnd + 1, value.length);
            AwarenessState state = new AwarenessState(Long.parseLong(client), number(value, 0, clockEnd), json);
            boolean silent = now - number(value, clockEnd + 1, timeEnd) >= SILENT_MILLIS;
            if (!silent && !state.left()) {
                states.add(state);
            }
        });
        return Collections.unmodifiableList(states);
    }

    private static int indexOfSpace(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == ' ') {
                return i;
            }
        }
        return -1;
    }

    private static long number(byte[] bytes, int from, int to) {
        return Long.parseLong(new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
