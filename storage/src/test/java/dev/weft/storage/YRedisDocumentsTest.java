package dev.weft.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class YRedisDocumentsTest {
    // What new URL('ws://host/' + name).pathname and encodeURIComponent(name) give in Node.js 20.
    @Test
    void roomsLieUnderTheNamesThatClientsMakeOfThem() {
        assertThat(YRedisDocuments.roomNames("notes-1")).containsExactly("notes-1");
        assertThat(YRedisDocuments.roomNames("a'(b)!*~")).containsExactly("a'(b)!*~");
        assertThat(YRedisDocuments.roomNames("my room")).containsExactly("my room", "my%20room");
        assertThat(YRedisDocuments.roomNames("ü/x")).containsExactly("ü/x", "%C3%BC/x", "%C3%BC%2Fx");
        assertThat(YRedisDocuments.roomNames("100%")).containsExactly("100%", "100%25");
        assertThat(YRedisDocuments.roomNames("b|c[d]")).containsExactly("b|c[d]", "b%7Cc%5Bd%5D");
        assertThat(YRedisDocuments.roomNames("q\"<>`{}")).containsExactly("q\"<>`{}", "q%22%3C%3E%60%7B%7D");
        assertThat(YRedisDocuments.roomNames("😀")).containsExactly("😀", "%F0%9F%98%80");
    }

    /** "my%20room" is what y-redis calls "my room", so the room that is called "my%20room" here must not have it. */
    @Test
    void noTwoRoomsHaveOneDocument() {
        assertThat(YRedisDocuments.roomNames("my%20room"))
                .containsExactly("my%2520room")
                .doesNotContainAnyElementsOf(YRedisDocuments.roomNames("my room"));
    }

    @Test
    void nameLeadsBackToItsRoomAndToNoOther() {
        for (String room : List.of(
                "notes-1",
                "a'(b)!*~",
                "my room",
                "my%20room",
                "ü/x",
                "100%",
                "100%25",
                "b|c[d]",
                "q\"<>`{}",
                "😀",
                "",
                "%",
                "%%41")) {
            for (String name : YRedisDocuments.roomNames(room)) {
                assertThat(YRedisDocuments.roomOf(name)).as(name).contains(room);
            }
        }
        for (String odd : List.of("%ff", "a%20b c", "%c3%bc", "%41")) {
            assertThat(YRedisDocuments.roomOf(odd)).as(odd).isEmpty();
        }
    }

    /** Written by {@code Y.encodeStateAsUpdateV2}. */
    @Test
    void versionHasWhatYjsWroteInV2() {
        StoredVersion version = YRedisDocuments.version(new VersionReference("1"), YRedisSamples.v2());

        assertThat(HexFormat.of().formatHex(version.update()))
                .isEqualTo(HexFormat.of().formatHex(YRedisSamples.v1()));
        assertThat(version.stateVector().encode()).isEqualTo(new byte[] {1, 7, 15});
    }

    @Test
    void versionThatIsNoUpdateIsSaid() {
        assertThatThrownBy(() -> YRedisDocuments.version(new VersionReference("key 9"), new byte[] {1, 2, 3}))
                .isInstanceOf(UnreadableVersionException.class)
                .hasMessageContaining("key 9")
                .hasMessageContaining("V2");
    }
}
