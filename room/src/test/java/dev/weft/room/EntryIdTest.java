package dev.weft.room;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EntryIdTest {
    @Test
    void idsAreOrderedAsNumbers() {
        assertThat(EntryId.parse("10-2")).isLessThan(EntryId.parse("10-10")).isGreaterThan(EntryId.parse("9-99"));
        assertThat(EntryId.parse("18446744073709551615-0")).isGreaterThan(EntryId.parse("1-0"));
        assertThat(EntryId.ZERO.isAfter(EntryId.ZERO)).isFalse();
    }

    @Test
    void nothingLiesBetweenAnIdAndTheNext() {
        assertThat(EntryId.parse("5-7").next()).hasToString("5-8");
        assertThat(EntryId.parse("5-18446744073709551615").next()).hasToString("6-0");
    }

    @Test
    void textThatIsNoIdIsRefused() {
        assertThatThrownBy(() -> EntryId.parse("5")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> EntryId.parse("-")).isInstanceOf(IllegalArgumentException.class);
    }
}
