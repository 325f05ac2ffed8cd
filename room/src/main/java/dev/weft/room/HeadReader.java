package dev.weft.room;

import dev.weft.room.StreamReader.Entry;
import dev.weft.yjs.AwarenessState;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Reads stream and presence of a room at once, on the connection on which the room was subscribed: so it has all that was written before what is
 * published to the subscription. Where there is more of it than is good for that connection, on which Redis limits what waits, it reads nothing.
 */
final class HeadReader {
    private static final int MAX_ENTRIES = 256;
    private static final int MAX_CLIENTS = 256;
    private static final int MAX_BYTES = 64 << 10;

    private final Lanes lanes;
    private final RoomKeys keys;
    private final DocumentAssembler assembler;
    private final Script head = new Script("head", ScriptOutputType.MULTI);

    HeadReader(Lanes lanes, RoomKeys keys, DocumentAssembler assembler) {
        this.lanes = lanes;
        this.keys = keys;
        this.assembler = assembler;
    }

    CompletionStage<Optional<RoomHead>> read(RoomName room) {
        String[] scriptKeys = {keys.stream(room), keys.presence(room)};
        return head.<List<Object>>call(
                        lanes.commands(), scriptKeys, number(MAX_ENTRIES), number(MAX_CLIENTS), number(MAX_BYTES))
                .thenApply(answer -> answer.size() < 3 ? Optional.empty() : Optional.of(head(room, answer)));
    }

    private RoomHead head(RoomName room, List<Object> answer) {
        List<?> stream = (List<?>) answer.get(1);
        List<Entry> entries = new ArrayList<>(stream.size() / 2);
        for (int i = 0; i < stream.size(); i += 2) {
            entries.add(new Entry(EntryId.parse(text(stream.get(i))), (byte[]) stream.get(i + 1)));
        }
        List<?> states = (List<?>) answer.get(2);
        Map<String, byte[]> hash = HashMap.newHashMap(states.size() / 2);
        for (int i = 0; i < states.size(); i += 2) {
            hash.put(text(states.get(i)), (byte[]) states.get(i + 1));
        }
        List<AwarenessState> presence = PresenceStore.there(hash, (Long) answer.get(0));
        return new RoomHead(assembler.tail(room, entries), presence);
    }

    private static byte[] number(int number) {
        return Integer.toString(number).getBytes(StandardCharsets.ISO_8859_1);
    }

    private static String text(Object bytes) {
        return new String((byte[]) bytes, StandardCharsets.UTF_8);
    }
}
