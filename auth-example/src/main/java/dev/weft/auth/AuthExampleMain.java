package dev.weft.auth;

import dev.weft.settings.InvalidSettingException;
import dev.weft.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weft auth-example}: runs {@link AuthExample} until it is told to stop. */
@Command(
        name = "weft auth-example",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description =
                "Issues tokens, answers permission questions and takes webhooks. An example to copy, not to deploy.",
        footer = {
            "",
            "Environment or .env: AUTH_PRIVATE_KEY (required), AUTH_PORT (5173), HOST (0.0.0.0),",
            "YDOC_UPDATE_SECRET (webhooks must be signed with it). See .env.template."
        })
public final class AuthExampleMain implements Callable<Integer> {
    @Option(
            names = "--page",
            paramLabel = "FOLDER",
            description = "Serve this built page too; it finds the server at PORT (3002).")
    private Optional<Path> page = Optional.empty();

    public static void main(String[] args) {
        System.exit(new CommandLine(new AuthExampleMain()).execute(args));
    }

    @Override
    public Integer call() throws InterruptedException {
        boundSlowClients();
        try {
            AuthExample example = AuthExample.start(Settings.load(Path.of("")), page);
            Runtime.getRuntime().addShutdownHook(new Thread(example::close, "stop"));
            System.out.println("ready http://localhost:" + example.port());
            new CountDownLatch(1).await();
            return 0;
        } catch (InvalidSettingException e) {
            System.err.println("weft auth-example: " + e.getMessage());
        } catch (IOException e) {
            System.err.println("weft auth-example: cannot start (" + e.getMessage() + "); AUTH_PORT sets another port");
        }
        return 2;
    }

    /** The JDK's server has no bounds by default; it reads them once, from system properties. */
    private static void boundSlowClients() {
        System.setProperty("sun.net.httpserver.maxReqTime", "60");
        System.setProperty("sun.net.httpserver.maxRspTime", "60");
        System.setProperty("jdk.httpserver.maxConnections", "1000");
    }
}
