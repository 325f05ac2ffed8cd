package dev.weft.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.storage.DocumentId;
import dev.weft.storage.VersionReference;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ObjectKeysTest {
    // As encodeURIComponent in Node.js 20 answers.
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "room, room",
                "my room, my%20room",
                "a/b, a%2Fb",
                "a%2Fb, a%252Fb",
                "AZaz09-_.!~*'(), AZaz09-_.!~*'()",
                "ü, %C3%BC",
                "😀, %F0%9F%98%80",
                "a=b+c&d;e:@$, a%3Db%2Bc%26d%3Be%3A%40%24"
            })
    void namesAreEncodedAsYRedisDoes(String name, String code) {
        assertThat(ObjectKeys.prefix(DocumentId.ofRoom(name))).isEqualTo(code + "/index/w1-");
    }

    @Test
    void whatWouldBeAPathOrNothingHasACodeOfItsOwn() {
        assertThat(ObjectKeys.prefix(new DocumentId("", ".."))).isEqualTo("=/%2E%2E/w1-");
        assertThat(ObjectKeys.prefix(new DocumentId(".", "..."))).isEqualTo("%2E/.../w1-");
    }

    @Test
    void keyOfTheLongestNamesFitsInS3AndItsPartsInFileNames() {
        for (String fill : List.of("a", "/", "\u0000", "日")) {
            String longest = fill.repeat(DocumentId.MAX_BYTES / fill.getBytes(StandardCharsets.UTF_8).length);
            String key = ObjectKeys.prefix(new DocumentId(longest, longest))
                    + ObjectKeys.version(UUID.randomUUID(), new Life("0123456789ab", false, Instant.EPOCH))
                            .value();

            assertThat(key).isASCII().hasSizeLessThanOrEqualTo(1024);
            assertThat(Arrays.stream(key.split("/")))
                    .allSatisfy(part -> assertThat(part).hasSizeLessThanOrEqualTo(255));
        }
    }

    @Test
    void differentNamesHaveDifferentKeys() {
        Set<String> keys = new HashSet<>();
        Set<String> names = new HashSet<>(List.of("", ".", "..", "=", "%2E", "/", "//"));
        for (int length = 150; length < 300; length++) {
            names.add("a".repeat(length));
        }
        // A name that is spelled like the code of a long one.
        String code = ObjectKeys.prefix(DocumentId.ofRoom("a".repeat(300)));
        names.add(code.substring(0, code.indexOf('/')));

        names.forEach(name -> keys.add(ObjectKeys.prefix(DocumentId.ofRoom(name))));

        assertThat(keys).hasSameSizeAs(names);
    }

    @Test
    void versionsSortAfterThoseOfYRedis() {
        assertThat(ObjectKeys.prefix(DocumentId.ofRoom("r")))
                .isGreaterThan("r/index/ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    @Test
    void versionsOfAllLivesSortByTimeAndBeforeWhatSaysWhichLifeItIs() {
        Life life = new Life("ffffffffffff", false, Instant.EPOCH);
        UUID uuid = UUID.fromString("01a1fd30-f9a2-7000-bb15-58eca64b476e");
        VersionReference first = ObjectKeys.version(uuid, Life.FIRST);
        VersionReference later = ObjectKeys.version(uuid, life);
        DocumentId document = DocumentId.ofRoom("r");

        assertThat(ObjectKeys.life(first)).isEmpty();
        assertThat(ObjectKeys.life(later)).isEqualTo("ffffffffffff");
        assertThat(ObjectKeys.uuid(first)).isEqualTo(ObjectKeys.uuid(later)).isEqualTo(uuid);
        assertThat(ObjectKeys.isVersion(later)).isTrue();
        assertThat(ObjectKeys.life(document))
                .isGreaterThan(ObjectKeys.prefix(document) + "ffffffff-ffff-7fff-bfff-ffffffffffff-ffffffffffff");
    }

    @Test
    void onlyUuidsOfVersionSevenAreVersions() {
        assertThat(ObjectKeys.isVersion(new VersionReference("01a1fd30-f9a2-7000-bb15-58eca64b476e")))
                .isTrue();
        for (String other : List.of(
                "",
                "01A1FD30-F9A2-7000-BB15-58ECA64B476E",
                "01a1fd30-f9a2-4000-bb15-58eca64b476e",
                "01a1fd30-f9a2-7000-bb15-58eca64b476e-1",
                "life",
                "../x")) {
            assertThat(ObjectKeys.isVersion(new VersionReference(other))).isFalse();
        }
    }
}
