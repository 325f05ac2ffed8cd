package dev.weft.yjs;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Updates with many structs, made without Yjs: all that the format allows, gaps and every shape of delete set included, but no
 * sense. Those of one maker overlap; where they do, they may hold the same clocks cut otherwise, or other structs.
 */
final class RandomUpdates {
    private static final String[] TEXTS = {
        "a", "bc", "löß", "€uro", "x😀y", "😀😀", "a longer text of one clock for each letter"
    };

    private final Random random;
    private final int structs;
    private final List<Client> clients = new ArrayList<>();

    /** Structs of one client that follow each other. */
    private record Client(long id, List<byte[]> structs, List<Long> clocks) {}

    /** @param structs how many a client has at most */
    RandomUpdates(Random random, int clients, int structs) {
        this.random = random;
        this.structs = structs;
        long id = 1L + random.nextInt(1000);
        for (int i = 0; i < clients; i++) {
            id += 1 + random.nextInt(random.nextBoolean() ? 3 : 1 << 30);
            this.clients.addFirst(client(id));
            if (random.nextInt(4) == 0) {
                // The same client once more: its clocks hold something else.
                this.clients.addFirst(client(id));
            }
        }
    }

    private Client client(long id) {
        List<byte[]> all = new ArrayList<>();
        List<Long> clocks = new ArrayList<>();
        long clock = random.nextInt(4) == 0 ? random.nextInt(200) : 0;
        int count = 1 + random.nextInt(structs);
        for (int i = 0; i < count; i++) {
            byte[] struct = struct(id, clock);
            StructReader reader = StructReader.inside(Input.trusting(struct), id, clock, 1);
            reader.next();
            all.add(struct);
            clocks.add(clock);
            clock = reader.clockAfter();
        }
        clocks.add(clock);
        return new Client(id, all, clocks);
    }

    private byte[] struct(long client, long clock) {
        String text = TEXTS[random.nextInt(TEXTS.length)];
        long origin = Math.max(0, clock - 1 - random.nextInt(3));
        boolean hasOrigin = clock > 0 && random.nextInt(5) > 0;
        int kind = random.nextInt(8);
        Object[] content = switch (kind) {
            case StructReader.GC -> new Object[] {Bytes.gc(1 + random.nextInt(9))};
            case StructReader.DELETED -> new Object[] {1 + random.nextInt(200)};
            case StructReader.JSON -> new Object[] {2, "1", "undefined"};
            case StructReader.FORMAT -> new Object[] {"bold", "true"};
            case StructReader.TYPE -> new Object[] {1};
            default -> new Object[] {text};
        };
        if (kind == StructReader.GC) {
            return Bytes.of(content);
        }
        return hasOrigin ? Bytes.itemAfter(kind, client, origin, content) : Bytes.item(kind, content);
    }

    /** An update with some of the structs and some deletions. */
    byte[] update() {
        List<byte[]> blocks = new ArrayList<>();
        boolean isSparse = random.nextBoolean();
        long previous = Long.MAX_VALUE;
        for (Client client : clients) {
            if (client.id() < previous && (isSparse ? random.nextInt(3) == 0 : random.nextInt(8) > 0)) {
                blocks.add(block(client));
                previous = client.id();
            }
        }
        byte[] update = Bytes.of(blocks.size(), Bytes.of(blocks.toArray()), deletions());
        return random.nextInt(3) == 0 ? Updates.diff(update, stateVector()) : update;
    }

    List<byte[]> updates(int count) {
        List<byte[]> updates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            updates.add(update());
        }
        return updates;
    }

    private byte[] block(Client client) {
        int size = client.structs().size();
        int from = random.nextInt(3) == 0 ? random.nextInt(size) : 0;
        int to = random.nextInt(3) == 0 ? from + 1 + random.nextInt(size - from) : size;
        boolean hasGaps = random.nextInt(3) == 0;
        List<byte[]> parts = new ArrayList<>();
        for (int i = from; i < to; i++) {
            long length = client.clocks().get(i + 1) - client.clocks().get(i);
            boolean isGap = hasGaps && random.nextInt(40) == 0;
            parts.add(isGap ? Bytes.skip(length) : client.structs().get(i));
        }
        return Bytes.of(parts.size(), client.id(), client.clocks().get(from), Bytes.of(parts.toArray()));
    }

    private byte[] deletions() {
        RangeSet.Builder set = new RangeSet.Builder();
        int count = random.nextInt(3) == 0 ? random.nextInt(3) : random.nextInt(1 + structs);
        for (int i = 0; i < count; i++) {
            long clock = random.nextInt(3 * structs + 10);
            set.add(anyClient().id(), clock, clock + 1 + random.nextInt(4));
        }
        Output out = new Output(16);
        set.build().writeDeleteSet(out);
        byte[] canonical = out.toByteArray();
        if (random.nextInt(5) > 0) {
            return canonical;
        }
        // What a merge would write otherwise: each in one of its ways.
        long id = anyClient().id();
        return switch (random.nextInt(5)) {
            case 0 -> Bytes.of(1, id, 2, 2, 9, 4, 2); // overlapping
            case 1 -> Bytes.of(1, id, 2, 2, 2, 4, 1); // touching
            case 2 -> Bytes.of(1, id, 2, 8, 1, 4, 1); // descending
            case 3 -> Bytes.of(2, id, 1, 3, 1, id - 1, 0); // a client without deletions
            default -> Bytes.of(1, id, 1, new byte[] {(byte) 0x83, 0}, 1); // more bytes than needed
        };
    }

    private Client anyClient() {
        return clients.get(random.nextInt(clients.size()));
    }

    /** A state vector that knows a part of what there is. */
    StateVector stateVector() {
        StateVector.Builder vector = new StateVector.Builder();
        for (Client client : clients) {
            long last = client.clocks().getLast();
            switch (random.nextInt(4)) {
                case 0 -> vector.add(client.id(), last + random.nextInt(2));
                case 1, 2 -> vector.add(client.id(), random.nextLong(last + 1));
                default -> {
                    // Not known at all.
                }
            }
        }
        return vector.build();
    }
}
