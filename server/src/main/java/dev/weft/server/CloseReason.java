package dev.weft.server;

/**
 * Why the server ends a WebSocket connection: the close code that the client sees, and whether coming back makes sense.
 *
 * <table>
 *   <caption>Close codes</caption>
 *   <tr><th>name</th><th>code</th><th>retry</th><th>closed</th><th>what happened</th></tr>
 *   <tr><td>{@link #SERVICE_RESTART}</td><td>1012</td><td>yes</td><td>spread</td><td>this node stops, or the room has to synchronise anew</td></tr>
 *   <tr><td>{@link #APPEND_FAILED}</td><td>1013</td><td>yes</td><td>spread</td><td>Redis did not take an update; the reconnect brings it again</td></tr>
 *   <tr><td>{@link #TRY_AGAIN}</td><td>1013</td><td>yes</td><td>delayed</td><td>the document cannot be read now, or this node is overloaded</td></tr>
 *   <tr><td>{@link #TOO_SLOW}</td><td>1013</td><td>yes</td><td>at once</td><td>the client does not read as fast as its room writes</td></tr>
 *   <tr><td>{@link #SILENT}</td><td>4008</td><td>yes</td><td>at once</td><td>nothing, not even a pong, came from the peer for long</td></tr>
 *   <tr><td>{@link #MALFORMED}</td><td>4400</td><td>no</td><td>delayed</td><td>bytes that are no message, a text frame, or a breach of the WebSocket protocol</td></tr>
 *   <tr><td>{@link #TOO_LARGE}</td><td>4413</td><td>no</td><td>delayed</td><td>a message larger than {@code MAX_MESSAGE_BYTES}</td></tr>
 *   <tr><td>{@link #ERASED}</td><td>4410</td><td>no</td><td>spread</td><td>the document was deleted for good</td></tr>
 *   <tr><td>{@link #INTERNAL_ERROR}</td><td>1011</td><td>yes</td><td>delayed</td><td>a fault of the server</td></tr>
 * </table>
 *
 * <p>Codes from 4400 to 4499 are permanent: y-websocket 3.1 stays away after them. Older stock clients reconnect after every code, the first
 * time after 100 ms, and a successful open sets that back. Where a reconnect would end the same way, the close is therefore delayed ({@code
 * CLOSE_DELAY}): until then nothing is read and nothing is sent. Where many
 * connections close for one cause, the closes are spread ({@code CLOSE_SPREAD}), so that they do not all come back in one moment.
 */
enum CloseReason {
    SERVICE_RESTART(1012, "the service restarts, reconnect", true, Timing.SPREAD),
    APPEND_FAILED(1013, "an update could not be taken, reconnect", true, Timing.SPREAD),
    TRY_AGAIN(1013, "try again later", true, Timing.DELAYED),
    TOO_SLOW(1013, "too slow to follow, reconnect", true, Timing.AT_ONCE),
    SILENT(4008, "nothing was heard from the client", true, Timing.AT_ONCE),
    MALFORMED(4400, "malformed message", false, Timing.DELAYED),
    TOO_LARGE(4413, "message too large", false, Timing.DELAYED),
    ERASED(4410, "the document was deleted", false, Timing.SPREAD),
    INTERNAL_ERROR(1011, "internal error", true, Timing.DELAYED);

    /** When the close frame is sent. */
    enum Timing {
        AT_ONCE,
        /** After a random part of {@code CLOSE_SPREAD}. */
        SPREAD,
        /** After {@code CLOSE_DELAY}. */
        DELAYED
    }

    private final int code;
    private final String text;
    private final boolean retryable;
    private final Timing timing;

    CloseReason(int code, String text, boolean retryable, Timing timing) {
        this.code = code;
        this.text = text;
        this.retryable = retryable;
        this.timing = timing;
    }

    /** The WebSocket close code. */
    int code() {
        return code;
    }

    /** What the close frame says. */
    String text() {
        return text;
    }

    /** Whether the client does well to come back as it is. */
    boolean retryable() {
        return retryable;
    }

    Timing timing() {
        return timing;
    }
}
