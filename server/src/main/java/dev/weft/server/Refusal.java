package dev.weft.server;

import io.netty.handler.codec.http.HttpResponseStatus;

/**
 * An upgrade that is not granted: answered with an HTTP status before any WebSocket exists. Carries no stack trace, because it is an answer
 * and not a fault.
 */
final class Refusal extends Exception {
    private static final long serialVersionUID = 1;

    /** Why, as a metric tag and for the log. */
    enum Kind {
        BAD_REQUEST(400, false),
        TOO_LONG(414, false),
        WEBSOCKET_VERSION(426, false),
        UNAUTHENTICATED(401, false),
        FORBIDDEN(403, false),
        /** The document was deleted for good. */
        ERASED(410, false),
        /** The backend that knows permissions did not give a usable answer. */
        PERMISSION_UNKNOWN(503, true),
        REDIS_UNAVAILABLE(503, true),
        STORAGE_UNAVAILABLE(503, true),
        OVERLOADED(503, true),
        STOPPING(503, true);

        private final int status;
        private final boolean retryable;

        Kind(int status, boolean retryable) {
            this.status = status;
            this.retryable = retryable;
        }

        HttpResponseStatus status() {
            return HttpResponseStatus.valueOf(status);
        }

        /** Whether the same request may be granted later; the answer then carries {@code Retry-After}. */
        boolean retryable() {
            return retryable;
        }
    }

    private final Kind kind;

    /** @param reason one short line for the client */
    Refusal(Kind kind, String reason) {
        super(reason, null, false, false);
        this.kind = kind;
    }

    Kind kind() {
        return kind;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
