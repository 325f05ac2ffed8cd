package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The examples of README.md, word for word. */
class ReadmeTest {
    @Test
    void examplesDoWhatTheySay() throws IOException {
        byte[] hello = HexFormat.of().parseHex("0101070004010474657874" + "0568656c6c6f" + "00");
        byte[] deletion = HexFormat.of().parseHex("00" + "010701" + "0001");

        Updates.check(hello);
        Updates.check(deletion);

        byte[] document = Updates.merge(List.of(deletion, hello, hello));
        assertThat(HexFormat.of().formatHex(document)).endsWith("68656c6c6f" + "01" + "0701" + "0001");

        StateVector have = Updates.stateVector(hello);
        byte[] lacking = Updates.diff(document, have);
        assertThat(have.clock(7)).isEqualTo(5);
        assertThat(lacking).isEqualTo(deletion);
        assertThat(Contents.of(document).covers(hello)).isTrue();

        byte[] compacted = Updates.compact(List.of(document));
        assertThat(new String(compacted, UTF_8)).contains("ello").doesNotContain("hello");

        byte[] v2 = UpdatesV2.fromV1(document);
        byte[] mergedV2 = UpdatesV2.merge(List.of(v2, UpdatesV2.fromV1(hello)));
        byte[] v1 = UpdatesV2.toV1(mergedV2, 1 << 20);
        assertThat(v1).isEqualTo(document);

        byte[] index = UpdateIndex.of(document).encode();
        IndexedUpdate indexed = IndexedUpdate.of(document, index);
        StateVector known = indexed.stateVector();
        UpdatePlan difference = indexed.difference(have);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        try (WritableByteChannel socket = Channels.newChannel(sent)) {
            for (ByteBuffer buffer : difference.buffers().toArray(ByteBuffer[]::new)) {
                socket.write(buffer);
            }
        }
        IndexedUpdate next = indexed.merge(List.of(hello)).toIndexed();
        byte[] nextIndex = next.index().encode();
        assertThat(known).isEqualTo(have);
        assertThat(sent.toByteArray()).isEqualTo(lacking);
        assertThat(nextIndex).isEqualTo(index);

        List<Subdocument> inside = Updates.subdocuments(compacted);
        assertThat(inside).isEmpty();

        Awareness awareness = new Awareness(1_000);
        byte[] payload =
                AwarenessUpdates.encode(List.of(new AwarenessState(7, 1, "{\"name\":\"Ada\"}".getBytes(UTF_8))));
        List<AwarenessState> news = awareness.apply(AwarenessUpdates.decode(payload));
        List<AwarenessState> gone = awareness.leave(List.of(7L));
        assertThat(news).hasSize(1);
        assertThat(gone).singleElement().matches(AwarenessState::left);
    }

    @Test
    void documentDoesWhatTheySay() {
        List<String> log = new ArrayList<>();

        YDoc doc = new YDoc();
        YText text = doc.getText("text");
        text.insert(0, "hello ");
        text.insert(6, "world", Map.of("bold", true));
        doc.getMap("meta").set("tags", YArray.of("draft", 1));
        byte[] seed = doc.encodeStateAsUpdate();

        YDoc copy = new YDoc();
        copy.applyUpdate(seed);
        String words = copy.getText("text").toString();
        Object meta = copy.getMap("meta").toJson();
        List<DeltaOp> delta = copy.getText("text").toDelta();
        boolean waits = copy.hasPending();
        assertThat(words).isEqualTo("hello world");
        assertThat(meta).hasToString("{tags=[draft, 1]}");
        assertThat(delta).containsExactly(DeltaOp.insert("hello "), DeltaOp.insert("world", Map.of("bold", true)));
        assertThat(waits).isFalse();

        List<byte[]> outgoing = new ArrayList<>();
        copy.onUpdate(event -> outgoing.add(event.update()));
        Subscription subscription =
                copy.getText("text").observe(event -> log.add(event.delta().toString()));
        RelativePosition caret = RelativePosition.of(copy.getText("text"), 6);
        copy.transact(() -> {
            copy.getText("text").delete(0, 5);
            copy.getText("text").insert(0, "good morning");
        });
        subscription.close();
        doc.applyUpdate(outgoing.getFirst());
        AbsolutePosition now = caret.toAbsolute(doc);
        assertThat(outgoing).hasSize(1);
        assertThat(log).hasSize(1);
        assertThat(text.toString()).isEqualTo("good morning world");
        assertThat(now).isEqualTo(new AbsolutePosition(text, 13, 0));
    }
}
