package dev.weft.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class FaultTest {
    @Test
    void aSeedDrawsTheSameFaultsAgainAndALongerRunBeginsAsAShorterOne() {
        List<Fault> faults = Fault.schedule(4711, Duration.ofMinutes(10));
        assertThat(Fault.schedule(4711, Duration.ofMinutes(10))).isEqualTo(faults);
        assertThat(faults)
                .startsWith(Fault.schedule(4711, Duration.ofMinutes(1)).toArray(Fault[]::new));
        assertThat(Fault.schedule(4712, Duration.ofMinutes(10))).isNotEqualTo(faults);
    }

    @Test
    void tenMinutesHaveEveryKind() {
        assertThat(Fault.schedule(1, Duration.ofMinutes(10)).stream()
                        .map(Fault::kind)
                        .collect(Collectors.toSet()))
                .containsExactlyInAnyOrder(Fault.Kind.values());
    }
}
