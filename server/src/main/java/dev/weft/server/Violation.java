package dev.weft.server;

/** A client that does not keep to the protocol, on its way through the pipeline. Carries no stack trace: the fault is not here. */
final class Violation extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final CloseReason reason;

    Violation(CloseReason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    CloseReason reason() {
        return reason;
    }
}
