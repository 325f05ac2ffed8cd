package dev.weft.yjs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * An update taken apart into its single clocks, each with its origin, right origin or parent, and content: what two updates
 * must have in common that differ only in how their structs are cut.
 */
final class Units {
    static final String GC = "gc";
    static final String DELETED = "deleted";

    private final byte[] bytes;
    private final Map<String, String> units = new TreeMap<>();

    private Units(byte[] update) {
        bytes = update;
    }

    /** By client and clock. */
    static Map<String, String> of(byte[] update) {
        Units units = new Units(update);
        StructReader reader = StructReader.of(Input.trusting(update));
        while (reader.nextBlock()) {
            while (reader.next()) {
                units.add(reader);
            }
        }
        return units.units;
    }

    /** The clocks in which two updates differ, with what they are in both. */
    static List<String> differences(byte[] left, byte[] right) {
        Map<String, String> lefts = of(left);
        Map<String, String> rights = of(right);
        Set<String> ids = new TreeSet<>(lefts.keySet());
        ids.addAll(rights.keySet());
        return ids.stream()
                .filter(id -> !Objects.equals(lefts.get(id), rights.get(id)))
                .map(id -> id + ": " + lefts.get(id) + " | " + rights.get(id))
                .toList();
    }

    private void add(StructReader reader) {
        for (int i = 0; i < reader.length; i++) {
            if (reader.kind() != StructReader.SKIP) {
                units.put(id(reader.client, reader.clock + i), describe(reader, i));
            }
        }
    }

    private static String id(long client, long clock) {
        return "%d:%06d".formatted(client, clock);
    }

    private String describe(StructReader reader, int i) {
        if (reader.kind() == StructReader.GC) {
            return GC;
        }
        Input in = Input.trusting(bytes, reader.start + 1, reader.end);
        StringBuilder text = new StringBuilder(reader.kind() == StructReader.DELETED ? DELETED : "item");
        boolean hasOrigin = (reader.info & StructReader.HAS_ORIGIN) != 0;
        boolean hasRight = (reader.info & StructReader.HAS_RIGHT_ORIGIN) != 0;
        String origin = hasOrigin ? id(in.varUint(), in.varUint()) : "none";
        text.append(" after ").append(i == 0 ? origin : id(reader.client, reader.clock + i - 1));
        text.append(" before ").append(hasRight ? id(in.varUint(), in.varUint()) : "none");
        if (!hasOrigin && !hasRight && i == 0) {
            text.append(" in ").append(HexFormat.of().formatHex(bytes, in.position(), reader.contentStart));
            text.append((reader.info & StructReader.HAS_KEY) != 0 ? " keyed" : "");
        }
        in.rewind(reader.contentStart);
        return text.append(" = ").append(content(reader, in, i)).toString();
    }

    private String content(StructReader reader, Input in, int i) {
        return switch (reader.kind()) {
            case StructReader.DELETED -> "";
            case StructReader.STRING -> {
                int length = in.byteLength();
                String text = new String(Arrays.copyOfRange(bytes, in.position(), in.position() + length), UTF_8);
                yield "string " + (int) text.charAt(i);
            }
            case StructReader.ANY, StructReader.JSON -> {
                in.varUint();
                int from = 0;
                for (int skipped = 0; skipped <= i; skipped++) {
                    from = in.position();
                    if (reader.kind() == StructReader.ANY) {
                        Any.skip(in);
                    } else {
                        in.skipString();
                    }
                }
                yield reader.kind() + " " + HexFormat.of().formatHex(bytes, from, in.position());
            }
            default -> reader.kind() + " " + HexFormat.of().formatHex(bytes, reader.contentStart, reader.end);
        };
    }
}
