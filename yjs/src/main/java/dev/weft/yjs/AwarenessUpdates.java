package dev.weft.yjs;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The payload of an awareness message (y-protocols {@code awareness.js}):
 *
 * <pre>
 *   varUint n, then n times: varUint client, varUint clock, string JSON
 * </pre>
 *
 * The JSON is checked for its syntax and else left alone.
 */
public final class AwarenessUpdates {
    private static final int MIN_STATE_BYTES = 3;

    private AwarenessUpdates() {}

    /**
     * Decodes and checks a whole payload.
     *
     * @return the states in their order, not to be changed
     * @throws MalformedException if {@code bytes} are anything else, or more
     */
    public static List<AwarenessState> decode(byte[] bytes) {
        return decode(bytes, Input.checking(bytes, 0, bytes.length));
    }

    static List<AwarenessState> decode(byte[] bytes, Input in) {
        int count = in.count(MIN_STATE_BYTES, "awareness states");
        List<AwarenessState> states = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long client = in.varUint();
            long clock = in.varUint();
            int start = in.position();
            in.skipJson();
            in.rewind(start);
            int length = in.byteLength();
            int textStart = in.position();
            in.skip(length);
            states.add(new AwarenessState(client, clock, Arrays.copyOfRange(bytes, textStart, textStart + length)));
        }
        in.expectEnd();
        return Collections.unmodifiableList(states);
    }

    /**
     * One payload that has the effect of all, applied one after the other: of each client the state with the highest clock, of several
     * with that clock one that says that the client left, or else the first. Clients stand in the order in which they first occur.
     *
     * @throws MalformedException if one of the payloads cannot be read
     */
    public static byte[] merge(List<byte[]> payloads) {
        Map<Long, AwarenessState> latest = new LinkedHashMap<>();
        for (byte[] payload : payloads) {
            for (AwarenessState state : decode(payload)) {
                latest.merge(state.client(), state, AwarenessUpdates::later);
            }
        }
        return encode(latest.values());
    }

    private static AwarenessState later(AwarenessState known, AwarenessState next) {
        boolean wins = next.clock() > known.clock() || (next.clock() == known.clock() && next.left());
        return wins ? next : known;
    }

    /** The payload that carries {@code states}. A new array at each call. */
    public static byte[] encode(Collection<AwarenessState> states) {
        Output out = new Output(size(states));
        write(out, states);
        return out.toByteArray();
    }

    static int size(Collection<AwarenessState> states) {
        int size = Output.varUintSize(states.size());
        for (AwarenessState state : states) {
            int length = state.json().length;
            size += Output.varUintSize(state.client())
                    + Output.varUintSize(state.clock())
                    + Output.varUintSize(length)
                    + length;
        }
        return size;
    }

    static void write(Output out, Collection<AwarenessState> states) {
        out.varUint(states.size());
        for (AwarenessState state : states) {
            out.varUint(state.client()).varUint(state.clock()).buffer(state.json());
        }
    }
}
