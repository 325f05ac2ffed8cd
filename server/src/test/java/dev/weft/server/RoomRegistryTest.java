package dev.weft.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.room.RoomName;
import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class RoomRegistryTest {
    private static final RoomName ROOM = new RoomName("room");

    private final RoomRegistry registry = new RoomRegistry(TestNode.of(new FakeBackend(), Runnable::run, Map.of()));
    private final ManualLoop home = new ManualLoop();
    private final EventLoop other = new ManualLoop().loop();

    @Test
    void firstOnesAreMovedToTheHome() {
        assertThat(registry.toMoveTo(ROOM, other)).as("nobody is there").isNull();
        Room room = registry.enter(ROOM, home.loop());
        assertThat(registry.toMoveTo(ROOM, home.loop())).as("is there already").isNull();
        assertThat(registry.toMoveTo(ROOM, other)).isSameAs(room);
    }

    /** They come in a while after that was decided: after a node went away, all at one time. */
    @Test
    void thoseOnTheirWayCountToo() {
        Room room = registry.enter(ROOM, home.loop());
        assertThat(moved()).isEqualTo(7);
        registry.arrived(room);
        registry.arrived(room);
        assertThat(moved()).as("two were lost").isEqualTo(2);
        registry.arrived(room);
        registry.enter(ROOM, home.loop());
        assertThat(moved()).as("one has entered").isZero();
    }

    private long moved() {
        return Stream.generate(() -> registry.toMoveTo(ROOM, other))
                .limit(20)
                .filter(Objects::nonNull)
                .count();
    }
}
