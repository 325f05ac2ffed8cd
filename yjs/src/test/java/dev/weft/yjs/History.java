package dev.weft.yjs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Updates of several clients as a server may see them, and what Yjs makes of them (src/test/js/judge.mjs).
 *
 * @param seed makes the same history again
 * @param withEmoji whether strings may have been cut inside a surrogate pair
 * @param complete whether nothing is missing that a struct depends on
 * @param answers by name: merged, collected, stateVector, have, difference, v2, v1, documentV2, documentV1
 */
record History(String seed, boolean withEmoji, boolean complete, List<byte[]> updates, Map<String, byte[]> answers) {
    static History parse(List<String> lines) {
        String seed = "";
        boolean emoji = false;
        boolean complete = false;
        List<byte[]> updates = new ArrayList<>();
        Map<String, byte[]> answers = new HashMap<>();
        for (String line : lines) {
            int space = line.indexOf(' ');
            String name = line.substring(0, space);
            String value = line.substring(space + 1);
            switch (name) {
                case "case" -> seed = value;
                case "emoji" -> emoji = Boolean.parseBoolean(value);
                case "complete" -> complete = Boolean.parseBoolean(value);
                case "update" -> updates.add(bytes(value));
                default -> answers.put(name, bytes(value));
            }
        }
        return new History(seed, emoji, complete, updates, answers);
    }

    /** The histories of the golden file. */
    static List<History> golden() {
        try (InputStream file = History.class.getResourceAsStream("/golden/histories.txt")) {
            List<History> histories = new ArrayList<>();
            List<String> lines = new ArrayList<>();
            String text = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.US_ASCII);
            for (String line : text.lines().toList()) {
                if (line.equals("end")) {
                    histories.add(parse(lines));
                    lines.clear();
                } else {
                    lines.add(line);
                }
            }
            return histories;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Whether a document made from these updates says anything about one made from their merge. Yjs itself ends with different documents
     * where surrogate pairs were cut; and as long as structs are missing, where one update has collected what others hold, because what is
     * collected waits for nothing, and what is not waits.
     */
    boolean isMeasure() {
        return !withEmoji && (complete || !hasCollectedElsewhere());
    }

    byte[] answer(String name) {
        byte[] answer = answers.get(name);
        if (answer == null) {
            throw new IllegalArgumentException(name);
        }
        return answer;
    }

    private static byte[] bytes(String base64) {
        return base64.equals("=") ? new byte[0] : Base64.getDecoder().decode(base64);
    }

    /**
     * The update with the bit "has key" cleared wherever an origin is present. There it means nothing, and Yjs keeps or loses
     * it as it happens.
     */
    static byte[] normalised(byte[] update) {
        byte[] copy = update.clone();
        StructReader reader = StructReader.of(Input.trusting(update));
        while (reader.nextBlock()) {
            while (reader.next()) {
                if ((reader.info & (StructReader.HAS_ORIGIN | StructReader.HAS_RIGHT_ORIGIN)) != 0) {
                    copy[reader.start] &= ~StructReader.HAS_KEY;
                }
            }
        }
        return copy;
    }

    /**
     * Whether one update holds as collected (GC) what begins as an item in another. Then Yjs's own choice between the two
     * depends on how the engine sorts (its comparison says "before" both ways), so its bytes are no measure; the effect is.
     */
    boolean hasCollectedElsewhere() {
        return hasCollectedElsewhere(updates);
    }

    static boolean hasCollectedElsewhere(List<byte[]> updates) {
        Set<List<Long>> items = new HashSet<>();
        Set<List<Long>> collected = new HashSet<>();
        for (byte[] update : updates) {
            StructReader reader = StructReader.of(Input.trusting(update));
            while (reader.nextBlock()) {
                while (reader.next()) {
                    (reader.kind() == StructReader.GC ? collected : items).add(List.of(reader.client, reader.clock));
                }
            }
        }
        return !Collections.disjoint(items, collected);
    }
}
