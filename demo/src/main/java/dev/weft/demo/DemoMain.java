package dev.weft.demo;

import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weft demo}: runs a {@link Demo} until it is told to stop. */
@Command(
        name = "weft demo",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {
            "Runs all of Weft in one process tree: Redis, Postgres, a server, a worker, the auth example, and a page to write and draw on"
                    + " together. Documents are kept between runs. Ctrl-C stops it."
        })
public final class DemoMain implements Callable<Integer> {
    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "3002",
            description = "WebSocket server (${DEFAULT-VALUE}); 0 takes a free port.")
    private int port;

    @Option(
            names = "--auth-port",
            paramLabel = "PORT",
            defaultValue = "5173",
            description = "Page and auth example (${DEFAULT-VALUE}); 0 takes a free port.")
    private int pagePort;

    @Option(
            names = "--data",
            paramLabel = "FOLDER",
            defaultValue = "data",
            description = "Keeps the documents (./${DEFAULT-VALUE}); delete it to start afresh.")
    private Path data = Path.of("data");

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (${DEFAULT-VALUE}); 0.0.0.0 lets other devices in, a phone say.")
    private String host = "127.0.0.1";

    private final AtomicBoolean ended = new AtomicBoolean();

    public static void main(String[] args) {
        if (System.getenv("LOG_LEVEL") == null) {
            System.setProperty("LOG_LEVEL", "WARN"); // Read by logback.xml; the demo says what matters itself.
        }
        System.exit(new CommandLine(new DemoMain()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (port < 0 || port > 65535 || pagePort < 0 || pagePort > 65535) {
            return fail("--port and --auth-port take a number from 0 to 65535");
        }
        Demo demo = Demo.create(line -> System.out.println("weft demo: " + line));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(demo), "stop"));
        try {
            demo.start(new DemoOptions(host, port, pagePort, data));
        } catch (DemoException e) {
            return ended.get() ? 0 : fail(e.getMessage()); // Ended means that a signal came in between.
        }
        System.out.println("ready: page " + address("http", demo.pagePort()) + "  WebSocket "
                + address("ws", demo.port()) + "  (Ctrl-C stops)");
        new CountDownLatch(1).await();
        return 0;
    }

    private int fail(@org.jspecify.annotations.Nullable String message) {
        ended.set(true);
        System.err.println("weft demo: " + message);
        return 2;
    }

    /** Runs when a signal ends the JVM, and also after a failed start, when there is nothing left to stop. */
    private void stop(Demo demo) {
        if (!ended.getAndSet(true)) {
            System.out.println("weft demo: stopping …");
            demo.close();
            System.out.println("weft demo: stopped");
            System.out.flush();
            // Stopped as asked to is a success; the JVM alone would report 130 or 143.
            Runtime.getRuntime().halt(0);
        }
    }

    private String address(String scheme, int shownPort) {
        return scheme + "://" + shownHost() + ":" + shownPort;
    }

    /** An address that other devices can dial, if they are let in. */
    private String shownHost() {
        if (!Demo.isWildcard(host)) {
            return host.equals("127.0.0.1") ? "localhost" : host;
        }
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(InetAddress::isSiteLocalAddress)
                    .map(InetAddress::getHostAddress)
                    .findFirst()
                    .orElse("localhost");
        } catch (SocketException e) {
            return "localhost";
        }
    }
}
