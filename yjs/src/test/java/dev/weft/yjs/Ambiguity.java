package dev.weft.yjs;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;

/**
 * Updates that no client writes may lead Yjs itself to different documents, and then no other result can be right or wrong. That is so
 * if a document changes
 *
 * <ul>
 *   <li>by being saved and loaded: what has become a GC struct, because its parent is no type or its origin is a GC struct, has no
 *       origins any more for which others wait, so that another order is possible;
 *   <li>by the order in which the structs come, each in an update of its own, those of a client in their order, deletions last.
 * </ul>
 *
 * Both with {@code gc: false}, so that it is not garbage collection that makes the difference.
 */
final class Ambiguity {
    private static final int ORDERS = 20;

    private Ambiguity() {}

    static boolean isIn(byte[] update, Oracle yjs, Random random) {
        if (!yjs.survivesLoading(List.of(update))) {
            return true;
        }
        for (int i = 0; i < ORDERS; i++) {
            if (!yjs.alike(structByStruct(update, random), List.of(update)).equals("yes")) {
                return true;
            }
        }
        return false;
    }

    private static List<byte[]> structByStruct(byte[] update, Random random) {
        Map<Long, Queue<byte[]>> structs = new TreeMap<>();
        List<Long> order = new ArrayList<>();
        Input in = Input.trusting(update);
        StructReader reader = StructReader.of(in);
        while (reader.nextBlock()) {
            while (reader.next()) {
                byte[] struct = Arrays.copyOfRange(update, reader.start, reader.end);
                structs.computeIfAbsent(reader.client, client -> new ArrayDeque<>())
                        .add(Bytes.update(reader.client, reader.clock, struct));
                order.add(reader.client);
            }
        }
        byte[] deletions = Bytes.of(0, Arrays.copyOfRange(update, in.position(), update.length));
        Collections.shuffle(order, random);
        List<byte[]> updates = new ArrayList<>();
        order.forEach(client ->
                updates.add(Objects.requireNonNull(structs.get(client)).remove()));
        updates.add(deletions);
        return updates;
    }
}
