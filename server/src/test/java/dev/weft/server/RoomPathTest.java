package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoomPathTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/room|room",
                "/a/b/c|a/b/c",
                "//a|/a",
                "/my%20room|my room",
                "/my%2520room|my%20room",
                "/100%|100%",
                "/100%2|100%2",
                "/100%zz|100%zz",
                "/%e2%82%ac|€",
                "/%F0%9F%8E%89|🎉",
                "/room?yauth=x%2|room",
                "/a+b|a+b",
                "/a%3Fb|a?b",
                "/..|..",
            })
    void nameIsWhatFollowsTheFirstSlashDecodedOnce(String target, String name) throws Refusal {
        assertThat(RoomPath.roomName(target).value()).isEqualTo(name);
    }

    @Test
    void bytesThatWereNotEscapedCountAsTheyCame() throws Refusal {
        String line = new String("/€ 🎉".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        assertThat(RoomPath.roomName(line).value()).isEqualTo("€ 🎉");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "/?yauth=x", "room", "*", "http://host/room"})
    void targetWithoutARoomIsABadRequest(String target) {
        assertRefused(target, Refusal.Kind.BAD_REQUEST);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/%ff", "/%c3", "/%ed%a0%80", "/%c0%af"})
    void invalidUtf8IsABadRequest(String target) {
        assertRefused(target, Refusal.Kind.BAD_REQUEST);
    }

    @Test
    void nameOfTheGreatestLengthIsTakenAndOneByteMoreIsNot() throws Refusal {
        String longest = "%61".repeat(RoomPath.MAX_BYTES);
        assertThat(RoomPath.roomName("/" + longest).value()).isEqualTo("a".repeat(RoomPath.MAX_BYTES));
        assertRefused("/" + longest + "b", Refusal.Kind.TOO_LONG);
    }

    private static void assertRefused(String target, Refusal.Kind kind) {
        assertThatThrownBy(() -> RoomPath.roomName(target))
                .isInstanceOfSatisfying(
                        Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(kind));
    }
}
