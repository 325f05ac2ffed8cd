package dev.weft.server;

import dev.weft.room.RoomName;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks for when it opens a WebSocket.
 *
 * @param token as it came, not verified
 * @param subprotocol the sub-protocol that carried the token, to be echoed; null if the token came as a query parameter
 */
record UpgradeRequest(RoomName room, String token, @Nullable String subprotocol) {
    private static final String PARAMETER = "yauth";
    private static final String SUBPROTOCOL_PREFIX = "yauth-";

    static UpgradeRequest of(String target, HttpHeaders headers) throws Refusal {
        RoomName room = RoomPath.roomName(target);
        // First, because a client that offered it may give up when nothing is echoed.
        for (String line : headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)) {
            for (String offered : line.split(",", -1)) {
                String name = offered.strip();
                if (name.startsWith(SUBPROTOCOL_PREFIX) && name.length() > SUBPROTOCOL_PREFIX.length()) {
                    return new UpgradeRequest(room, name.substring(SUBPROTOCOL_PREFIX.length()), name);
                }
            }
        }
        return new UpgradeRequest(room, queryToken(target), null);
    }

    private static String queryToken(String target) throws Refusal {
        List<String> values;
        try {
            values = new QueryStringDecoder(target).parameters().getOrDefault(PARAMETER, List.of());
        } catch (IllegalArgumentException e) {
            throw new Refusal(Refusal.Kind.BAD_REQUEST, "the query has a broken escape");
        }
        if (values.isEmpty() || values.get(0).isEmpty()) {
            throw new Refusal(
                    Refusal.Kind.UNAUTHENTICATED,
                    "no token: give it as ?yauth=<token> or as sub-protocol yauth-<token>");
        }
        return values.get(0);
    }
}
