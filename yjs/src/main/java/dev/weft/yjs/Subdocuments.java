package dev.weft.yjs;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** The subdocuments in an update (Yjs {@code ContentDoc.js}), without a document. */
final class Subdocuments {
    private Subdocuments() {}

    static List<Subdocument> of(byte[] update) {
        List<Subdocument> found = new ArrayList<>();
        Input in = Input.trusting(update);
        StructReader reader = StructReader.of(in);
        while (reader.nextBlock()) {
            while (reader.next()) {
                if (reader.kind() == StructReader.DOC) {
                    found.add(read(update, reader));
                }
            }
        }
        RangeSet.Builder deleted = new RangeSet.Builder();
        deleted.addDeleteSet(in);
        in.expectEnd();
        RangeSet deletions = deleted.build();
        found.removeIf(one -> deletions.covers(one.client(), one.clock(), one.clock() + 1));
        return Collections.unmodifiableList(found);
    }

    private static Subdocument read(byte[] update, StructReader reader) {
        Input in = Input.trusting(update, reader.contentStart, reader.end);
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        String guid = new String(update, from, length, StandardCharsets.UTF_8);
        return new Subdocument(
                reader.client, reader.clock, guid, Arrays.copyOfRange(update, in.position(), reader.end));
    }
}
