package dev.weft.yjs;

/**
 * One client's awareness state: its name, its cursor, whatever an application shows of who is here.
 *
 * @param client client id, up to 53 bits
 * @param clock grows with each change of the state
 * @param json the state as JSON text in UTF-8, {@code null} (four bytes) if the client has left; owned by this record, not
 *     to be changed
 */
public record AwarenessState(long client, long clock, byte[] json) {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    /** The state that says of a client that it has left, at a clock. */
    static AwarenessState gone(long client, long clock) {
        return new AwarenessState(client, clock, NULL.clone());
    }

    /**
     * The state with which the client itself leaves after this one: JSON {@code null} at the next clock. (Others say that it has left at
     * the clock of its last state, {@link Awareness#leave}, so that the client can object with its next one.)
     */
    public AwarenessState removal() {
        return gone(client, clock + 1);
    }

    /** Whether the client has left: its state is JSON {@code null}. */
    public boolean left() {
        return JsonSyntax.isNull(json);
    }
}
