package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.CompactionTask;
import dev.weft.room.EntryId;
import dev.weft.room.MemoryBudget;
import dev.weft.room.RoomName;
import dev.weft.room.RoomSettings;
import dev.weft.room.Rooms;
import dev.weft.room.WorkQueue;
import dev.weft.storage.InMemoryStorage;
import dev.weft.testing.TestRedis;
import dev.weft.yjs.Updates;
import dev.weft.yjs.YDoc;
import dev.weft.yjs.YDocOptions;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An hour of small edits in a document of 20 MB, stored every half minute as a worker stores what stays busy, by the real compaction over a
 * real Redis: what is written, in bytes, and how many versions a join reads.
 */
class LargeDocumentIT {
    private static final Logger LOG = LoggerFactory.getLogger(LargeDocumentIT.class);
    private static final RoomName ROOM = new RoomName("a large room");
    private static final int STORES = Integer.getInteger("weft.large.stores", 120);
    private static final int EDITS = Integer.getInteger("weft.large.edits", 300);
    private static final int CLIENTS = 4;
    private static final int ROWS = 20_000;

    private final Rooms rooms = Rooms.connect(new RoomSettings(
            RedisURI.create(TestRedis.shared().url()),
            "large-" + UUID.randomUUID(),
            Duration.ofMinutes(1),
            Duration.ofSeconds(10)));
    private final WorkQueue queue = rooms.workQueue("large");
    private final InMemoryStorage storage = new InMemoryStorage();
    private final Random random = new Random(1);
    private final List<YDoc> clients = new ArrayList<>();
    private final List<byte[]> outbox = new ArrayList<>();
    private final int[] cursors = new int[CLIENTS];
    private long stored;
    private long documentBytes;

    @BeforeEach
    void makeDocument() {
        YDoc first = new YDoc(YDocOptions.builder().clientId(1000).build());
        first.transact(() -> {
            for (int row = 0; row < ROWS; row++) {
                first.getMap("rows").set("row " + row, "x".repeat(1000));
            }
        });
        byte[] document = first.encodeStateAsUpdate();
        documentBytes = document.length;
        storage.store(ROOM.document(), document, Updates.stateVector(document));
        for (int i = 0; i < CLIENTS; i++) {
            YDoc client =
                    new YDoc(YDocOptions.builder().clientId(2_000_000_000L + i).build());
            client.applyUpdate(document);
            client.onUpdate(event -> {
                if (event.origin() == null) {
                    outbox.add(event.update());
                }
            });
            clients.add(client);
        }
    }

    @AfterEach
    void close() {
        queue.close();
        rooms.close();
    }

    @Test
    void hourOfEditsInCellsCostsTwiceTheirBytesAtMost() {
        measure(
                "cells",
                client ->
                        client.getMap("rows").set("row " + random.nextInt(ROWS), "value " + random.nextInt(1_000_000)));
    }

    @Test
    void hourOfTypingCostsTwiceItsBytesAtMost() {
        measure("typing", client -> {
            var text = client.getText("text");
            // Mostly where the client was, as people do.
            int at = random.nextInt(20) == 0
                    ? random.nextInt(text.length() + 1)
                    : Math.min(text.length(), cursors[clients.indexOf(client)] + 1);
            if (random.nextInt(10) == 0 && at < text.length()) {
                text.delete(at, 1);
            } else {
                text.insert(at, String.valueOf((char) ('a' + random.nextInt(26))));
            }
            cursors[clients.indexOf(client)] = at;
        });
    }

    private interface Edit {
        void by(YDoc client);
    }

    private void measure(String name, Edit edit) {
        Compaction compaction = new Compaction(
                rooms,
                queue,
                storage,
                new CompactionOptions(GarbagePolicy.EVERYWHERE, new VersionPolicy(Duration.ofDays(1)), Patience.NONE),
                new MemoryBudget(1 << 30),
                new Compaction.Observer() {
                    @Override
                    public void stored(long bytes, int merged, long whole) {
                        stored += bytes;
                    }
                });
        EntryId upTo = EntryId.ZERO;
        long sent = 0;
        int mostVersions = 0;
        for (int i = 0; i < STORES; i++) {
            List<CompletableFuture<EntryId>> appended = new ArrayList<>();
            for (int j = 0; j < EDITS; j++) {
                edit.by(clients.get(random.nextInt(CLIENTS)));
                for (byte[] update : outbox) {
                    sent += update.length;
                    appended.add(rooms.append(ROOM, update).toCompletableFuture());
                    clients.forEach(client -> client.applyUpdate(update, "another"));
                }
                outbox.clear();
            }
            EntryId last = upTo;
            for (CompletableFuture<EntryId> id : appended) {
                last = id.orTimeout(20, TimeUnit.SECONDS).join();
            }
            compaction.run(new CompactionTask(new EntryId(1, 1), ROOM, upTo, 1));
            upTo = last;
            mostVersions = Math.max(mostVersions, storage.list(ROOM.document()).size());
        }
        LOG.info(
                "{}: {} bytes of edits in {} tails, {} bytes stored ({} times), at most {} versions; document {} bytes",
                name,
                sent,
                STORES,
                stored,
                String.format("%.2f", (double) stored / sent),
                mostVersions,
                documentBytes);
        // The document was written whole just before, and what is new stays far below half of it: it need not be
        // written again.
        assertThat(stored).isLessThanOrEqualTo(2 * sent);
        assertThat(mostVersions).isLessThanOrEqualTo(8);
        YDoc read = new YDoc();
        read.applyUpdate(rooms.assemble(ROOM, storage).update());
        assertThat(read.stateVector()).isEqualTo(clients.getFirst().stateVector());
        YDoc kept = new YDoc();
        storage.load(ROOM.document()).forEach(version -> kept.applyUpdate(version.update()));
        for (YDoc doc : List.of(read, kept)) {
            assertThat(doc.getText("text").toString())
                    .isEqualTo(clients.getFirst().getText("text").toString());
            assertThat(doc.getMap("rows").toJson())
                    .isEqualTo(clients.getFirst().getMap("rows").toJson());
        }
    }
}
