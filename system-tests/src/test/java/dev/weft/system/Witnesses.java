package dev.weft.system;

import static dev.weft.system.Patience.await;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What clients got from servers before they died. The rule that kill tests check: an update that any client got from a server, as an echo of
 * its own or as somebody else's, is wholly in the document that a fresh client loads after all who wrote it are gone.
 */
final class Witnesses {
    static final int AT_LEAST = 50;

    private final Set<String> updates = new HashSet<>();

    void hear(StockClient... clients) {
        for (StockClient client : clients) {
            List<String> received = client.received();
            assertThat(received.size()).as("updates that %s got", client).isGreaterThan(AT_LEAST);
            updates.addAll(received);
        }
    }

    /**
     * Finds all of it in a client's document. What was written while a server put the document together follows behind it, so the rest may
     * come a moment after the client has synced.
     */
    void findAllIn(StockClient fresh) {
        List<String> all = new ArrayList<>(updates);
        await("all of it arrives")
                .untilAsserted(() -> assertThat(fresh.lost(all))
                        .as("updates, of %d, that were echoed and are lost", all.size())
                        .isEmpty());
        assertThat(fresh.state().pending())
                .as("something waits for its predecessor")
                .isFalse();
    }
}
