package dev.weft.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.opentest4j.AssertionFailedError;
import org.opentest4j.TestAbortedException;

class RequirementsTest {
    @Test
    void whatIsMissingSkipsTheTestAndSaysWhat() {
        assertThatThrownBy(() -> Requirements.decide("no browser", false))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("no browser");
    }

    @Test
    void whatIsMissingFailsTheTestUnderContinuousIntegration() {
        assertThatThrownBy(() -> Requirements.decide("no browser", true))
                .isInstanceOf(AssertionFailedError.class)
                .hasMessageContaining("no browser");
    }

    @Test
    void executablesAreFoundOnThePath() {
        assertThat(Requirements.onPath("sh")).isPresent();
        assertThat(Requirements.onPath("no-such-program")).isEmpty();
    }
}
