package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Awareness against y-protocols. {@code -Dweft.seed=} repeats a run. */
class AwarenessDifferentialTest {
    private static final long SEED = Long.getLong("weft.seed", new Random().nextInt(1 << 30));

    private static final int CLIENTS = 5;

    private static Oracle yjs;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        yjs = Oracle.start();
    }

    @AfterAll
    static void stop() throws IOException {
        if (yjs != null) {
            yjs.close();
        }
    }

    private static byte[] payload(Random random, long clock) {
        List<AwarenessState> states = new ArrayList<>();
        for (long client = 1; client <= CLIENTS; client++) {
            for (int i = random.nextInt(3); i > 1; i--) {
                String json = random.nextInt(3) == 0 ? "null" : "{\"n\":" + random.nextInt(3) + "}";
                states.add(new AwarenessState(client, clock + random.nextInt(4), json.getBytes(UTF_8)));
            }
        }
        return AwarenessUpdates.encode(states);
    }

    @Test
    void newsAreThoseOfYProtocols() {
        Random random = new Random(SEED);
        List<byte[]> payloads = new ArrayList<>();
        for (int i = 0; i < 3_000; i++) {
            payloads.add(payload(random, i / 100));
        }
        List<String> expected = yjs.awarenessNews(payloads);
        Awareness awareness = new Awareness(10);
        for (int i = 0; i < payloads.size(); i++) {
            assertThat(clients(awareness.apply(AwarenessUpdates.decode(payloads.get(i)))))
                    .as("seed %s, payload %s", SEED, i)
                    .isEqualTo(expected.get(i));
        }
    }

    @Test
    void whoExpiresIsWhoExpiresInYProtocols() {
        Random random = new Random(SEED);
        List<String> steps = new ArrayList<>();
        List<String> ours = new ArrayList<>();
        Awareness awareness = new Awareness(10);
        long time = 1_000_000;
        for (int i = 0; i < 2_000; i++) {
            time += random.nextInt(4) * 2_500L;
            Instant now = Instant.ofEpochMilli(time);
            if (random.nextBoolean()) {
                steps.add(time + ":");
                ours.add(clients(awareness.expire(now)) + "/" + known(awareness));
            } else {
                byte[] payload = payload(random, i / 20);
                steps.add(time + ":" + Oracle.base64(payload));
                ours.add(clients(awareness.apply(AwarenessUpdates.decode(payload), now)) + "/" + known(awareness));
            }
        }
        assertThat(ours).as("seed %s", SEED).isEqualTo(yjs.expiry(steps));
    }

    /** What one payload made of many leads to, whatever was known before. */
    @Test
    void mergedPayloadsLeadToTheSameStatesInYProtocols() {
        Random random = new Random(SEED);
        for (int i = 0; i < 500; i++) {
            String before = "0:" + Oracle.base64(payload(random, 1));
            List<byte[]> payloads = new ArrayList<>();
            for (int j = random.nextInt(6); j >= 0; j--) {
                payloads.add(payload(random, 1));
            }
            List<String> oneByOne = new ArrayList<>(List.of(before));
            payloads.forEach(payload -> oneByOne.add("0:" + Oracle.base64(payload)));
            List<String> merged = List.of(before, "0:" + Oracle.base64(AwarenessUpdates.merge(payloads)));
            assertThat(states(yjs.expiry(merged).getLast()))
                    .as("seed %s, merge %s", SEED, i)
                    .isEqualTo(states(yjs.expiry(oneByOne).getLast()));
        }
    }

    private static String clients(List<AwarenessState> states) {
        return states.stream()
                .map(AwarenessState::client)
                .sorted()
                .map(client -> Long.toString(client))
                .collect(Collectors.joining("+"));
    }

    private static String known(Awareness awareness) {
        return awareness.states(LongStream.rangeClosed(1, CLIENTS).boxed().toList()).stream()
                .map(state -> state.client() + "@" + state.clock() + (state.left() ? "-" : ""))
                .collect(Collectors.joining("+"));
    }

    private static String states(String answer) {
        return answer.substring(answer.indexOf('/') + 1);
    }
}
