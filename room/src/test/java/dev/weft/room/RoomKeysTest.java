package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RoomKeysTest {
    private final RoomKeys keys = new RoomKeys("y");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "plain|plain",
                "a b|a%20b",
                "a/b:c|a%2Fb%3Ac",
                "-_.!~*()|-_.!~*()",
                "100%|100%25",
                "ü€🎉|%C3%BC%E2%82%AC%F0%9F%8E%89",
                "my%20room|my%2520room"
            })
    void roomNameIsEncodedAsJavaScriptDoes(String room, String encoded) {
        String key = keys.stream(new RoomName(room));
        assertThat(key).isEqualTo("y:room:" + encoded + ":index");
        assertThat(keys.roomOf(key)).contains(new RoomName(room));
        assertThat(keys.presence(new RoomName(room))).isEqualTo("y:presence:" + encoded + ":index");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "y:room::index",
                "y:room:index",
                "y:room:a:other",
                "x:room:a:index",
                "y:room:a b:index",
                "y:room:a%2fb:index",
                "y:room:%C3:index",
                "y:room:%4:index",
                "y:room:%:index",
                "y:room:ü:index",
                "y:room:a:b:index",
                ""
            })
    void keyThatNoRoomHasNamesNoRoom(String key) {
        assertThat(keys.roomOf(key)).isEmpty();
    }

    @Test
    void halfASurrogatePairIsRefused() {
        assertThatThrownBy(() -> keys.stream(new RoomName("\ud83c"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void patternTakesThePrefixLiterally() {
        assertThat(new RoomKeys("a*[b]?\\").streamPattern()).isEqualTo("a\\*\\[b\\]\\?\\\\:room:*:index");
    }
}
