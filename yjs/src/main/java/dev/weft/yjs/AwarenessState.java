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
    /** Whether the client has left: its state is JSON {@code null}. */
    public boolean left() {
        return JsonSyntax.isNull(json);
    }
}
