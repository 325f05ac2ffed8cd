package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class UriComponentTest {
    @Test
    void charactersAreEncodedAsJavaScriptDoes() {
        assertThat(UriComponent.encode("aZ09-_.!~*'()")).isEqualTo("aZ09-_.!~*'()");
        assertThat(UriComponent.encode("a/b c%?#&+")).isEqualTo("a%2Fb%20c%25%3F%23%26%2B");
        assertThat(UriComponent.encode("ü€🎉")).isEqualTo("%C3%BC%E2%82%AC%F0%9F%8E%89");
    }
}
