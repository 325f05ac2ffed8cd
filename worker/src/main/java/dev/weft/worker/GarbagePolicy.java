package dev.weft.worker;

import dev.weft.room.RoomName;
import dev.weft.settings.Settings;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which documents lose what was deleted in them when they are stored, as a {@code Y.Doc} with {@code gc: true} does. It cannot be undone, and
 * documents that are kept for their history ({@code gc: false}, snapshots) must be exempt.
 *
 * @param collects whether garbage is collected at all ({@code YDOC_GC})
 * @param except patterns of the names of rooms where it is not ({@code YDOC_GC_EXCEPT})
 */
record GarbagePolicy(boolean collects, List<RoomPattern> except) {
    /** Collects in every room. */
    static final GarbagePolicy EVERYWHERE = new GarbagePolicy(true, List.of());

    static GarbagePolicy from(Settings settings) {
        return new GarbagePolicy(
                settings.flag("YDOC_GC", true),
                settings.<List<RoomPattern>>value(
                                "YDOC_GC_EXCEPT",
                                "names of rooms, * for any characters, separated by commas: minutes/*, contract-*",
                                GarbagePolicy::patterns)
                        .orElse(List.of()));
    }

    boolean collectsIn(RoomName room) {
        return collects && except.stream().noneMatch(pattern -> pattern.matches(room));
    }

    private static List<RoomPattern> patterns(String text) {
        List<RoomPattern> patterns = Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .map(RoomPattern::new)
                .toList();
        if (patterns.stream().anyMatch(pattern -> pattern.text().isEmpty())) {
            throw new IllegalArgumentException("a name between commas is empty");
        }
        return patterns;
    }

    /** A room's name in which {@code *} stands for any characters, slashes too. */
    record RoomPattern(String text) {
        boolean matches(RoomName room) {
            String regex =
                    Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            return Pattern.compile(regex, Pattern.DOTALL).matcher(room.value()).matches();
        }
    }
}
