package dev.weft.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.CompactionTask;
import dev.weft.room.EntryId;
import dev.weft.room.RoomName;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AgendaTest {
    private final Agenda agenda = new Agenda(3, 1000);

    @Test
    void tasksComeWhenTheyAreDueAndNotMoreThanAsked() {
        agenda.taken(List.of(id(1), id(2)), 2000);
        agenda.taken(List.of(id(3)), 1500);
        assertThat(agenda.room()).isZero();
        assertThat(agenda.untilNext(1200)).isEqualTo(300);
        assertThat(agenda.due(1499, 10)).isEmpty();
        assertThat(agenda.due(1500, 10)).extracting(Agenda.Item::id).containsExactly(id(3));
        assertThat(agenda.due(2500, 1)).hasSize(1);
        assertThat(agenda.untilNext(2500)).isZero();
        assertThat(agenda.due(2500, 1)).hasSize(1);
        assertThat(agenda.untilNext(2500)).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void roomIsNotCompactedTwiceAtOnce() {
        CompactionTask task = task(1, "a");
        assertThat(agenda.start(task)).isTrue();
        assertThat(agenda.start(task)).isFalse();
        assertThat(agenda.start(task(2, "a"))).isFalse();
        assertThat(agenda.start(task(3, "b"))).isTrue();
        agenda.ended(task);
        assertThat(agenda.start(task(2, "a"))).isTrue();
    }

    @Test
    void failedTaskKeepsItsLeaseUntilItIsTriedAgain() {
        CompactionTask task = task(1, "a");
        agenda.failed(task, 2, 5000);
        assertThat(agenda.leased()).containsExactly(id(1));
        assertThat(agenda.start(task)).isFalse();
        assertThat(agenda.due(5000, 9)).containsExactly(new Agenda.Item(4000, id(1), task, 2));
        assertThat(agenda.leased()).isEmpty();
    }

    @Test
    void failedTaskWhoseLeaseWasLostIsLeftToOthers() {
        agenda.failed(task(1, "a"), 1, 5000);
        agenda.failed(task(2, "b"), 1, 5000);
        agenda.keepLeased(Set.of(id(1), id(2)), Set.of(id(2)));
        assertThat(agenda.due(5000, 9)).extracting(Agenda.Item::id).containsExactly(id(2));
    }

    @Test
    void moreThanItsCapacityIsForgotten() {
        agenda.taken(List.of(id(1), id(2), id(3)), 2000);
        agenda.failed(task(4, "d"), 1, 2000);
        assertThat(agenda.leased()).isEmpty();
        assertThat(agenda.due(2000, 9)).hasSize(3);
    }

    @Test
    void pausesBetweenTriesDoubleUpToTwoMinutes() {
        Duration debounce = Duration.ofSeconds(10);
        assertThat(CompactionLoop.retryPause(debounce, 1)).isEqualTo(debounce);
        assertThat(CompactionLoop.retryPause(debounce, 2)).isEqualTo(Duration.ofSeconds(20));
        assertThat(CompactionLoop.retryPause(debounce, 4)).isEqualTo(Duration.ofSeconds(80));
        assertThat(CompactionLoop.retryPause(debounce, 5)).isEqualTo(Duration.ofMinutes(2));
        assertThat(CompactionLoop.retryPause(debounce, 1000)).isEqualTo(Duration.ofMinutes(2));
    }

    private static EntryId id(long millis) {
        return new EntryId(millis, 0);
    }

    private static CompactionTask task(long millis, String room) {
        return new CompactionTask(id(millis), new RoomName(room), EntryId.ZERO, 1);
    }
}
