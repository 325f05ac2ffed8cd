package dev.weft.tools;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Names of rooms, in which {@code *} stands for any characters, slashes too. */
final class RoomPattern {
    private final Pattern regex;

    RoomPattern(String text) {
        regex = Pattern.compile(
                Arrays.stream(text.split("\\*", -1)).map(Pattern::quote).collect(Collectors.joining(".*")),
                Pattern.DOTALL);
    }

    boolean matches(String room) {
        return regex.matcher(room).matches();
    }
}
