package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What users of stock providers, y-websocket 1.5, 2.1 and 3.0, rely on. */
class StockClientIT {
    @RegisterExtension
    private static final Processes PROCESSES = new Processes();

    private static Weft weft;
    private static Weft.Server left;
    private static Weft.Server right;
    private static ClientProcess clients;

    private final String room = "room-" + UUID.randomUUID();

    @BeforeAll
    static void start() {
        weft = new Weft(PROCESSES);
        left = weft.startServer();
        right = weft.startServer();
        weft.startWorker();
        clients = PROCESSES.clients();
    }

    private StockClient open(int version, Weft.Server server) {
        return clients.open(
                "v" + version + "-" + UUID.randomUUID(), weft.dial(server, room).version(version));
    }

    @ParameterizedTest(name = "y-websocket {0}")
    @ValueSource(ints = {1, 2, 3})
    void offlineEditsOnBothSidesMergeOnReconnect(int version) {
        StockClient one = open(version, left).awaitSynced();
        StockClient other = open(version, right).awaitSynced();
        one.insert(0, "middle");
        await("the other has it").until(() -> other.text().equals("middle"));

        one.disconnect();
        await("one is offline").until(() -> !one.state().connected());
        one.insert(0, "offline ");
        other.insert(6, " online");
        assertThat(one.text()).isEqualTo("offline middle");
        other.disconnect();
        await("the other is offline").until(() -> !other.state().connected());
        other.delete(0, 1);
        one.connect();
        one.awaitSynced();
        other.connect();

        await("both have all of it").untilAsserted(() -> {
            assertThat(one.text()).isEqualTo("offline iddle online");
            assertThat(other.text()).isEqualTo("offline iddle online");
        });
        StockClient fresh = open(version, left).awaitSynced();
        assertThat(fresh.text()).isEqualTo("offline iddle online");
        assertThat(fresh.digest()).isEqualTo(one.digest()).isEqualTo(other.digest());
        assertThat(one.state().opens()).as("connections").isEqualTo(2);
    }

    @ParameterizedTest(name = "y-websocket {0}")
    @ValueSource(ints = {1, 2, 3})
    void awarenessAppearsMovesAndDisappears(int version) {
        StockClient ada = open(version, left).awaitSynced();
        StockClient bob = open(version, right).awaitSynced();
        String adaId = Long.toString(ada.clientId());

        ada.setAwareness(Map.of("name", "Ada", "cursor", 1));
        await("Bob sees Ada").until(() -> cursor(bob.awareness(), adaId) == 1);
        ada.setAwareness(Map.of("name", "Ada", "cursor", 2));
        await("Bob sees Ada move").until(() -> cursor(bob.awareness(), adaId) == 2);
        StockClient late = open(version, right).awaitSynced();
        await("one who comes later sees Ada").until(() -> cursor(late.awareness(), adaId) == 2);

        ada.close();

        await("Bob sees Ada leave").until(() -> !bob.awareness().has(adaId));
        await("the late one, too").until(() -> !late.awareness().has(adaId));
        assertThat(bob.awareness().has(Long.toString(bob.clientId()))).isTrue();
        assertThat(bob.state().awarenessEvents().stream()
                        .filter(event -> event.removed().contains(Long.parseLong(adaId))))
                .as("Ada leaves once")
                .hasSize(1);
    }

    @ParameterizedTest(name = "y-websocket {0}")
    @ValueSource(ints = {1, 2, 3})
    void someoneWhoseProcessDiesDisappears(int version) {
        StockClient bob = open(version, right).awaitSynced();
        ClientProcess doomed = PROCESSES.clients();
        StockClient ada =
                doomed.open("ada", weft.dial(left, room).version(version)).awaitSynced();
        String adaId = Long.toString(ada.clientId());
        ada.setAwareness(Map.of("name", "Ada"));
        await("Bob sees Ada").until(() -> bob.awareness().has(adaId));

        doomed.sigkill();

        // y-protocols itself forgets a silent client after 30 s; a server that sees the socket close says so at once.
        await("Bob sees Ada leave")
                .atMost(Duration.ofSeconds(15))
                .until(() -> !bob.awareness().has(adaId));
    }

    @ParameterizedTest(name = "y-websocket {0}")
    @ValueSource(ints = {2, 3})
    void theTokenMayComeAsSubProtocol(int version) {
        String token = weft.token("ada");
        StockClient client = clients.open(
                "protocol-" + version,
                Dial.to(left.url(), room).version(version).tokenAsProtocol(token));

        client.awaitSynced();
        assertThat(client.state().protocol()).isEqualTo("yauth-" + token);
    }

    @ParameterizedTest(name = "y-websocket {0}")
    @ValueSource(ints = {1, 2, 3})
    void aBadTokenIsRefusedBeforeTheUpgrade(int version) {
        StockClient client = clients.open(
                "refused-" + version, Dial.to(left.url(), room).version(version).token("no-token"));

        await("refusals").until(() -> client.state().errors().size() >= 2);
        StockClient.State state = client.state();
        client.close();
        assertThat(state.errors()).allMatch(error -> error.contains("401"));
        assertThat(state.opens()).isZero();
    }

    @Test
    void versionsWorkTogetherInRoomsOfAnyName() {
        // The provider pastes the name into the address as it is; what a URL cannot hold, the application has escaped.
        for (String name : List.of("a/b/c", "space%20and%25percent", "%F0%9F%A6%A9", "q&a=1", "plus+plus")) {
            String odd = room + "/" + name;
            StockClient one = clients.open("one " + odd, weft.dial(left, odd).version(1));
            StockClient two = clients.open("two " + odd, weft.dial(right, odd).version(2));
            StockClient three =
                    clients.open("three " + odd, weft.dial(left, odd).version(3));
            three.awaitSynced();
            one.awaitSynced().insert(0, name);
            await(odd).untilAsserted(() -> {
                assertThat(two.text()).isEqualTo(name);
                assertThat(three.text()).isEqualTo(name);
            });
        }
    }

    private static int cursor(JsonNode awareness, String client) {
        return awareness.path(client).path("cursor").asInt(-1);
    }
}
