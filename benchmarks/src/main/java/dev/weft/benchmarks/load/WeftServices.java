package dev.weft.benchmarks.load;

import dev.weft.testing.Ports;
import dev.weft.testing.TestPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What all runs of ours share: a Postgres that writes to disk, and the auth example, which is asked at every connection. */
final class WeftServices implements AutoCloseable {
    private static final Pattern READY = Pattern.compile("^ready", Pattern.MULTILINE);
    private static final Pattern KEY_LINE = Pattern.compile("^(AUTH_P\\w+_KEY)='(\\{.*})'$", Pattern.MULTILINE);

    private final Assets assets;
    private final Path folder;
    private final Map<String, String> environment = new HashMap<>();
    private final TestPostgres postgres;
    private final Program auth;
    private final URI authAddress;
    private final HttpClient http = HttpClient.newHttpClient();

    private WeftServices(Assets assets) throws IOException {
        this.assets = assets;
        if (!Files.isExecutable(assets.distribution().resolve("weft"))) {
            throw new LoadException("there is no distribution in " + assets.distribution()
                    + "; build it: mvn -DskipTests -pl deploy -am package");
        }
        folder = Files.createTempDirectory("weft-compare");
        postgres = TestPostgres.start(folder.resolve("postgres"));
        int port = Ports.free();
        authAddress = URI.create("http://127.0.0.1:" + port);
        environment.put("WEFT_JAVA_HOME", System.getProperty("java.home"));
        environment.put("HOST", "127.0.0.1");
        environment.put("AUTH_PORT", Integer.toString(port));
        environment.put("AUTH_PERM_CALLBACK", authAddress + "/auth/perm");
        try (Program keys = start("keys", Map.of(), Pattern.compile("PRIVATE_KEY='.*'\n"))) {
            Matcher matcher = KEY_LINE.matcher(keys.output());
            while (matcher.find()) {
                environment.put(matcher.group(1), matcher.group(2));
            }
        }
        auth = start("auth-example", Map.of(), READY);
    }

    static WeftServices start(Assets assets) {
        try {
            return new WeftServices(assets);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A new database. @return its address */
    String database() {
        return postgres.createDatabase();
    }

    /** Runs a command of the distribution's launcher, with its flags for the JVM. */
    Program start(String command, Map<String, String> settings, Pattern ready) {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(settings);
        return Program.start(
                "weft-" + command,
                List.of(assets.distribution().resolve("weft").toString(), command),
                all,
                folder,
                assets.target().resolve("results").resolve("logs"),
                ready);
    }

    /** Of somebody who may write everywhere; an hour long. */
    String token() {
        try {
            HttpResponse<String> answer = http.send(
                    HttpRequest.newBuilder(authAddress.resolve("/auth/token?userid=load"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new LoadException("the auth example gives no token: " + answer.body());
            }
            return answer.body().strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LoadException("interrupted", e);
        }
    }

    @Override
    public void close() {
        auth.close();
        postgres.close();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
