package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.testing.JavaProcess;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Two servers and two workers on one Redis behave as one. */
class ManyRoomsIT {
    private static final int ROOMS = 12;
    private static final int EVERY_MILLIS = 20;
    private static final int EDITS = 60;

    @RegisterExtension
    private final Processes processes = new Processes();

    private record Pair(String room, StockClient left, StockClient right) {}

    @Test
    void roomsWrittenFromTwoNodesConvergeAndEndAsOneVersionEach() {
        Weft weft = new Weft(processes);
        Weft.Server left = weft.startServer();
        Weft.Server right = weft.startServer();
        JavaProcess firstWorker = weft.startWorker();
        JavaProcess secondWorker = weft.startWorker();
        ClientProcess leftHouse = processes.clients();
        ClientProcess rightHouse = processes.clients();
        List<Pair> pairs = new ArrayList<>();
        for (int i = 0; i < ROOMS; i++) {
            String room = "room-" + i;
            // Versions of the provider in all pairings.
            Dial toLeft = weft.dial(left, room).version(1 + i % 3).recording();
            Dial toRight = weft.dial(right, room).version(1 + i / 3 % 3).recording();
            pairs.add(new Pair(room, leftHouse.open("left-" + i, toLeft), rightHouse.open("right-" + i, toRight)));
        }
        pairs.forEach(pair -> {
            pair.left().awaitSynced().startWriting("l", EVERY_MILLIS);
            pair.right().awaitSynced().startWriting("r", EVERY_MILLIS);
        });
        await("everyone has written")
                .until(() -> pairs.stream()
                        .allMatch(pair -> pair.left().state().written() > EDITS
                                && pair.right().state().written() > EDITS));
        pairs.forEach(pair -> {
            pair.left().stopWriting();
            pair.right().stopWriting();
        });
        pairs.forEach(pair -> {
            pair.left().awaitAcknowledged();
            pair.right().awaitAcknowledged();
            await(pair.room() + " converges")
                    .until(() -> pair.left().digest().equals(pair.right().digest()));
        });
        List<String> digests = pairs.stream().map(pair -> pair.left().digest()).toList();
        assertThat(digests).as("rooms do not mix").doesNotHaveDuplicates();
        leftHouse.close();
        rightHouse.close();

        await("Redis is trimmed").until(() -> weft.keys("room:*").isEmpty());
        ClientProcess freshHouse = processes.clients();
        for (int i = 0; i < ROOMS; i++) {
            Pair pair = pairs.get(i);
            weft.assertStoredTidily(pair.room());
            StockClient fresh =
                    freshHouse.open("fresh-" + i, weft.dial(right, pair.room())).awaitSynced();
            assertThat(fresh.digest()).as(pair.room()).isEqualTo(digests.get(i));
        }
        Weft.stop(left.process(), right.process(), firstWorker, secondWorker);
    }
}
