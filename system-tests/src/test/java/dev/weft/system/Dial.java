package dev.weft.system;

import java.util.List;
import java.util.Map;

/**
 * How a stock client is to connect.
 *
 * @param version major version of y-websocket: 1, 2 or 3
 * @param url the server's address as an application gives it to the provider
 * @param room the room's name, pasted into the address by the provider as it is
 * @param params query parameters
 * @param protocols WebSocket sub-protocols; version 1 cannot set them
 * @param record whether to keep every update that the server sends, for {@link StockClient#received}
 */
record Dial(int version, String url, String room, Map<String, String> params, List<String> protocols, boolean record) {

    static final int NEWEST = 3;
    static final List<Integer> VERSIONS = List.of(1, 2, 3);

    static Dial to(String url, String room) {
        return new Dial(NEWEST, url, room, Map.of(), List.of(), false);
    }

    Dial version(int newVersion) {
        return new Dial(newVersion, url, room, params, protocols, record);
    }

    /** The token as query parameter. */
    Dial token(String token) {
        return new Dial(version, url, room, Map.of("yauth", token), protocols, record);
    }

    /** The token as sub-protocol. */
    Dial tokenAsProtocol(String token) {
        return new Dial(version, url, room, params, List.of("yauth-" + token), record);
    }

    Dial recording() {
        return new Dial(version, url, room, params, protocols, true);
    }
}
