package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Subdocuments: listed without a document, and passed on as they are. {@code -Dweft.seed=} repeats the random ones. */
class SubdocumentsTest {
    private static final int HISTORIES = Integer.getInteger("weft.histories", 600);

    private static final long FIRST_SEED = Long.getLong("weft.seed", new Random().nextInt(1 << 30));

    /** Options as no Yjs would write them: a long integer, a float that is one, keys in an order of their own. */
    private static final byte[] OPTIONS = Bytes.of(new byte[] {
        (byte) Any.OBJECT, 2, 1, 'z', Any.INTEGER, (byte) 0x80, 0, 1, 'a', Any.FLOAT32, 0x3f, (byte) 0x80, 0, 0
    });

    private static byte[] inside(long client, long clock, String guid) {
        return Bytes.update(client, clock, Bytes.item(StructReader.DOC, guid, OPTIONS));
    }

    @Test
    void optionsPassThroughEverythingAsTheyAre() {
        byte[] first = inside(7, 0, "first");
        byte[] second = Bytes.update(7, 1, Bytes.itemAfter(StructReader.DOC, 7, 0, "second", OPTIONS));
        byte[] merged = Updates.merge(List.of(second, first));
        byte[] v2 = UpdatesV2.fromV1(merged);
        List<byte[]> results = List.of(
                merged,
                Updates.compact(List.of(first, second)),
                UpdatesV2.toV1(v2),
                UpdatesV2.toV1(UpdatesV2.merge(List.of(UpdatesV2.fromV1(second), v2))),
                Updates.merge(List.of(Updates.diff(merged, StateVector.decode(Bytes.of(1, 7, 1))), first)));
        assertThat(results).allSatisfy(result -> {
            Updates.check(result);
            assertThat(result).isEqualTo(merged);
            assertThat(Updates.subdocuments(result))
                    .satisfiesExactly(
                            one -> {
                                assertThat(one.guid()).isEqualTo("first");
                                assertThat(one.clock()).isZero();
                                assertThat(one.options()).isEqualTo(OPTIONS);
                                assertThat(one.optionsAsJson()).isEqualTo("{\"z\":0,\"a\":1}");
                            },
                            one -> {
                                assertThat(one.guid()).isEqualTo("second");
                                assertThat(one.client()).isEqualTo(7);
                                assertThat(one.clock()).isEqualTo(1);
                            });
        });
    }

    @Test
    void deletedOnesAreLeftOut() {
        byte[] deletion = Bytes.of(0, 1, 7, 1, 0, 1);
        byte[] merged = Updates.merge(List.of(inside(7, 0, "gone"), inside(8, 0, "here"), deletion));
        assertThat(Updates.subdocuments(merged)).extracting(Subdocument::guid).containsExactly("here");
    }

    @Test
    void oneInsideSomethingDeletedIsLeftOutOnceCompacted() {
        byte[] list = Bytes.update(7, 0, Bytes.item(StructReader.TYPE, 0));
        byte[] inside = Bytes.update(8, 0, Bytes.of(new byte[] {StructReader.DOC, 0}, 7, 0, "late", OPTIONS));
        byte[] deletion = Bytes.of(0, 1, 7, 1, 0, 1);
        List<byte[]> updates = List.of(list, inside, deletion);
        assertThat(Updates.subdocuments(Updates.merge(updates))).hasSize(1);
        assertThat(Updates.subdocuments(Updates.compact(updates))).isEmpty();
    }

    @Test
    void thoseOfAStateAreTheGetSubdocsOfItsDocument() throws IOException, InterruptedException {
        int seen = 0;
        try (Oracle yjs = Oracle.start()) {
            for (long seed = FIRST_SEED; seed < FIRST_SEED + HISTORIES; seed++) {
                Oracle.WithSubdocuments history = yjs.subdocuments(seed);
                for (int i = 0; i < history.states().size(); i++) {
                    byte[] state = history.states().get(i);
                    String expected = history.subdocuments().get(i);
                    assertThat(told(state)).as("document %s, seed %s", i, seed).isEqualTo(expected);
                    assertThat(told(Updates.compact(List.of(state))))
                            .as("compacted document %s, seed %s", i, seed)
                            .isEqualTo(expected);
                    assertThat(told(UpdatesV2.toV1(UpdatesV2.fromV1(state))))
                            .as("document %s by way of V2, seed %s", i, seed)
                            .isEqualTo(expected);
                    seen += Updates.subdocuments(state).size();
                }
                // Only losers of concurrent writes may come in addition.
                List<String> all = entries(told(Updates.compact(history.updates())));
                for (String one : entries(history.subdocuments().getLast())) {
                    assertThat(all.remove(one)).as("%s, seed %s", one, seed).isTrue();
                }
            }
        }
        assertThat(seen).isGreaterThanOrEqualTo(HISTORIES / 2);
    }

    private static String told(byte[] update) {
        return Updates.subdocuments(update).stream()
                .map(one -> one.guid() + " " + Oracle.base64(one.optionsAsJson().getBytes(UTF_8)))
                .sorted()
                .collect(Collectors.joining(" "));
    }

    private static List<String> entries(String told) {
        List<String> entries = new ArrayList<>();
        String[] words = told.split(" ", -1);
        for (int i = 0; i + 1 < words.length; i += 2) {
            entries.add(words[i] + " " + words[i + 1]);
        }
        return entries;
    }
}
