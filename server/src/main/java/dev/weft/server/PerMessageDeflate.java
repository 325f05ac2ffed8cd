package dev.weft.server;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionData;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketExtensionUtil;

/**
 * The WebSocket extension permessage-deflate (RFC 7692), always without context takeover in both directions: no connection holds a compressor
 * between two messages, and what many receive is compressed once for all.
 */
final class PerMessageDeflate {
    /** What the server answers if it agrees. */
    static final String AGREED = "permessage-deflate; server_no_context_takeover; client_no_context_takeover";

    private static final String NAME = "permessage-deflate";
    private static final String SERVER_WINDOW = "server_max_window_bits";

    private PerMessageDeflate() {}

    /** Whether a client offers it in a way that can be agreed to: Java's compressor has no smaller window than the usual one. */
    static boolean isOffered(HttpHeaders headers) {
        for (String line : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)) {
            for (WebSocketExtensionData offer : WebSocketExtensionUtil.extractExtensions(line)) {
                if (NAME.equals(offer.name()) && !offer.parameters().containsKey(SERVER_WINDOW)) {
                    return true;
                }
            }
        }
        return false;
    }
}
