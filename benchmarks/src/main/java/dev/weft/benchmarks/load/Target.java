package dev.weft.benchmarks.load;

import java.net.URI;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The server under load.
 *
 * @param url {@code ws://host:port/path}; rooms are appended to the path
 * @param token that all clients use
 * @param server process id of the server, whose processor time and memory are read
 * @param redis process id of its Redis
 */
record Target(URI url, Optional<String> token, Protocol protocol, OptionalLong server, OptionalLong redis) {
    int port() {
        return url.getPort() > 0 ? url.getPort() : 80;
    }
}
