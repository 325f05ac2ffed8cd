package dev.weft.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.auth.AuthExample;
import dev.weft.auth.P384Keys;
import dev.weft.server.WeftServer;
import dev.weft.settings.Settings;
import dev.weft.testing.TestPostgres;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.YDoc;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Every scenario, small, on a server of ours: that it works, and that its check sees what a server does wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LoadIT {
    private static final Duration SHORT = Duration.ofMillis(500);
    private static final Duration LONGER = Duration.ofSeconds(1);
    private static final UpdatesLoad.Warmup WARMUP = new UpdatesLoad.Warmup(SHORT, 20);
    private static final int UPDATE = 2;
    /** A message of few: a server that lags merges updates. */
    private static final int SOON = 5;

    private final TestRedis redis = TestRedis.start();
    private final P384Keys keys = P384Keys.generate();
    private final AuthExample auth = startAuth(keys);
    private final WeftServer server = startServer();
    private String token = "";

    private static AuthExample startAuth(P384Keys keys) {
        try {
            return AuthExample.start(
                    Settings.of(Map.of("AUTH_PRIVATE_KEY", keys.privateJwk(), "AUTH_PORT", "0", "HOST", "127.0.0.1")),
                    Optional.empty());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private WeftServer startServer() {
        return WeftServer.start(Settings.of(Map.of(
                "REDIS",
                redis.url(),
                "POSTGRES",
                TestPostgres.shared().createDatabase(),
                "AUTH_PUBLIC_KEY",
                keys.publicJwk(),
                "AUTH_PERM_CALLBACK",
                "http://127.0.0.1:" + auth.port() + "/auth/perm",
                "HOST",
                "127.0.0.1",
                "PORT",
                "0")));
    }

    @BeforeAll
    void fetchToken() throws Exception {
        try (HttpClient http = HttpClient.newHttpClient()) {
            token = http.send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + auth.port() + "/auth/token"))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString())
                    .body();
        }
    }

    @AfterAll
    void stop() {
        server.close();
        auth.close();
        redis.close();
    }

    private LoadResult run(int port, Function<Session, LoadResult> scenario) {
        long self = ProcessHandle.current().pid();
        Target target = new Target(
                URI.create("ws://127.0.0.1:" + port),
                Optional.of(token),
                Protocol.Y_WEBSOCKET,
                OptionalLong.of(self),
                OptionalLong.of(redis.pid()));
        Progress progress = new Progress(System.out);
        try (Session session = Session.open(target, 1, 16, progress, Optional.empty())) {
            return scenario.apply(session.withPatience(Duration.ofSeconds(2)));
        }
    }

    private static LoadResult fanOut(Session session) {
        return new UpdatesLoad(new UpdatesLoad.Options("fan-out", 1, 10, 40, 50, WARMUP, LONGER), session).run();
    }

    private static LoadResult presence(Session session) {
        return new PresenceLoad(new PresenceLoad.Options(10, 2, 150, SHORT, LONGER), session).run();
    }

    private static LoadResult join(Session session) {
        byte[] document = document();
        RoomClient holder = Preload.bring(session, session.room(0), document);
        try {
            return new JoinLoad(new JoinLoad.Options(5, 1, 2, session.room(0), document, false), session).run();
        } finally {
            holder.close();
        }
    }

    /** More than a frame that is held together. */
    private static byte[] document() {
        YDoc doc = new YDoc();
        Random random = new Random(5);
        for (int i = 0; i < 30; i++) {
            StringBuilder some = new StringBuilder();
            random.ints(50_000, 'a', 'z').forEach(letter -> some.append((char) letter));
            doc.getText("text").insert(0, some.toString());
        }
        return doc.encodeStateAsUpdate();
    }

    @Test
    void fanOutDeliversEachUpdateToEachObserver() {
        LoadResult result = run(server.port(), LoadIT::fanOut);

        assertThat(result.failures()).isEmpty();
        assertThat(result.figures().get("deliveries")).isEqualTo(new Figure(400, ""));
        assertThat(result.figures()).containsKeys(LoadResult.PER_DELIVERY, LoadResult.P99, LoadResult.REDIS_PER_UPDATE);
    }

    @Test
    void roomsAreWrittenInTurn() {
        LoadResult result = run(
                server.port(),
                session -> new UpdatesLoad(new UpdatesLoad.Options("rooms", 20, 1, 80, 50, WARMUP, LONGER), session)
                        .run());

        assertThat(result.failures()).isEmpty();
        assertThat(result.figures().get("deliveries")).isEqualTo(new Figure(80, ""));
    }

    @Test
    void presenceOfEachReachesEach() {
        LoadResult result = run(server.port(), LoadIT::presence);

        assertThat(result.failures()).isEmpty();
        assertThat(result.value("states delivered")).isGreaterThanOrEqualTo(100);
    }

    @Test
    void joinersGetTheDocument() {
        LoadResult result = run(server.port(), LoadIT::join);

        assertThat(result.failures()).isEmpty();
        assertThat(result.value("bytes of an answer")).isGreaterThan(1.4);
    }

    @Test
    void whoHasAllReconnects() {
        byte[] document = document();
        LoadResult result = run(server.port(), session -> {
            RoomClient holder = Preload.bring(session, session.room(0), document);
            try {
                return new ReconnectLoad(new ReconnectLoad.Options(1, 5, session.room(0), document), session).run();
            } finally {
                holder.close();
            }
        });

        assertThat(result.failures()).isEmpty();
        assertThat(result.value("received in all")).isLessThan(1);
    }

    @Test
    void idleClientsStay() {
        LoadResult result = run(
                server.port(),
                session -> new IdleLoad(new IdleLoad.Options(20, 40, 4, 20, SHORT, () -> {}), session).run());

        assertThat(result.failures()).isEmpty();
        assertThat(result.figures()).containsKeys(LoadResult.PER_CONNECT, LoadResult.PER_CONNECTION);
    }

    @Test
    void anUpdateThatIsLostOnItsWayToOneObserverIsFound() {
        int[] seen = new int[20];
        TamperingRelay.Tampering loses = (connection, payload) ->
                isUpdate(payload) && connection == 3 && ++seen[connection] == SOON ? List.of() : List.of(payload);

        assertThat(tampered(loses, LoadIT::fanOut).failures())
                .singleElement()
                .asString()
                .containsPattern("update \\d+ arrived, but not update \\d+");
    }

    @Test
    void updatesThatAreMissingAtTheEndAreFound() {
        int[] seen = new int[20];
        TamperingRelay.Tampering losesTheRest = (connection, payload) ->
                isUpdate(payload) && connection == 4 && ++seen[connection] > SOON ? List.of() : List.of(payload);

        assertThat(tampered(losesTheRest, LoadIT::fanOut).failures())
                .singleElement()
                .asString()
                .containsPattern("update \\d+ of 50 and what follows it did not arrive");
    }

    @Test
    void updatesThatChangePlacesAreFound() {
        byte[][] held = new byte[1][];
        int[] seen = new int[20];
        TamperingRelay.Tampering swaps = (connection, payload) -> {
            if (!isUpdate(payload) || connection != 5) {
                return List.of(payload);
            }
            seen[connection]++;
            if (seen[connection] == SOON) {
                held[0] = payload;
                return List.of();
            }
            return seen[connection] == SOON + 1 ? List.of(payload, held[0]) : List.of(payload);
        };

        assertThat(tampered(swaps, LoadIT::fanOut).failures())
                .singleElement()
                .asString()
                .containsPattern("update \\d+ arrived, but not update \\d+");
    }

    @Test
    void anUpdateThatSaysSomethingElseIsFound() {
        int[] seen = new int[20];
        TamperingRelay.Tampering changes = (connection, payload) -> {
            if (isUpdate(payload) && connection == 6 && ++seen[connection] == SOON) {
                payload[payload.length - 2] =
                        '!'; // The last letter of the text; behind it stands the count of deletions.
            }
            return List.of(payload);
        };

        assertThat(tampered(changes, LoadIT::fanOut).failures())
                .singleElement()
                .asString()
                .contains("says something else");
    }

    @Test
    void presenceThatIsHeldBackIsFound() {
        int[] seen = new int[20];
        TamperingRelay.Tampering holdsBack = (connection, payload) ->
                payload[0] == 1 && connection == 2 && ++seen[connection] > 12 ? List.of() : List.of(payload);

        assertThat(tampered(holdsBack, LoadIT::presence).failures())
                .anySatisfy(failure -> assertThat(failure).contains("client 2 lacks the last state of"));
    }

    @Test
    void aDocumentThatArrivesChangedIsFound() {
        // Not to the one who brings it, and those who ask whether it has arrived.
        TamperingRelay.Tampering changes = (connection, payload) -> {
            if (payload.length > 10_000) {
                payload[payload.length / 2] ^= 1;
            }
            return List.of(payload);
        };

        assertThat(tampered(changes, LoadIT::join).failures())
                .containsExactly("the content differs, while the state vectors are the same");
    }

    @Test
    void aServerThatRefusesIsNamed() {
        assertThatThrownBy(() -> run(server.port(), session -> {
                    Target wrong = new Target(
                            session.target().url(),
                            Optional.of("nonsense"),
                            Protocol.Y_WEBSOCKET,
                            OptionalLong.empty(),
                            OptionalLong.empty());
                    try (Session other = Session.open(wrong, 1, 1, session.progress(), Optional.empty())) {
                        return fanOut(other);
                    }
                }))
                .isInstanceOf(LoadException.class)
                .hasMessageContaining("refused: HTTP/1.1 401");
    }

    private LoadResult tampered(TamperingRelay.Tampering tampering, Function<Session, LoadResult> scenario) {
        try (TamperingRelay relay = TamperingRelay.before(server.port(), tampering)) {
            return run(relay.port(), scenario);
        }
    }

    private static boolean isUpdate(byte[] payload) {
        return payload.length > 20 && payload[0] == 0 && payload[1] == UPDATE;
    }
}
