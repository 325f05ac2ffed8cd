package dev.weft.server;

import java.net.SocketAddress;

/** The server cannot listen where it was told to. The message is one line for the operator. */
public final class CannotListenException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CannotListenException(SocketAddress address, Throwable cause) {
        super(
                "cannot listen on " + address + ": " + cause.getMessage()
                        + "; set PORT (and HOST) to an address that is free",
                cause);
    }
}
