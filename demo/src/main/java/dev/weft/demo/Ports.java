package dev.weft.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;

/** Which TCP ports are free. Another process may still take one between question and use; then its user fails by itself. */
final class Ports {
    private Ports() {}

    /** The port itself, or a free one for 0. */
    static int choose(String host, int port, String option) throws DemoException {
        InetAddress address = address(host);
        try (ServerSocket socket = new ServerSocket()) {
            socket.setReuseAddress(true); // Connections of an earlier run that still time out do no harm.
            socket.bind(new InetSocketAddress(address, port));
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new DemoException(
                    "port " + port + " on " + host + " cannot be used (" + e.getMessage() + "); choose another with "
                            + option + ", such as " + option + " " + (port + 100),
                    e);
        }
    }

    private static InetAddress address(String host) throws DemoException {
        try {
            InetAddress address = InetAddress.getByName(host);
            if (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null) {
                return address;
            }
        } catch (UnknownHostException | SocketException e) {
            throw new DemoException("--host " + host + " is no address of this machine (" + e.getMessage() + ")", e);
        }
        throw new DemoException("--host " + host + " is no address of this machine");
    }

    static int freeOnLoopback() throws DemoException {
        return choose("127.0.0.1", 0, "");
    }
}
