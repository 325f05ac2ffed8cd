package dev.weft.system;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.storage.DocumentId;
import dev.weft.storage.InMemoryStorage;
import dev.weft.system.BreakpointStorage.Step;
import dev.weft.yjs.StateVector;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BreakpointStorageTest {
    private static final DocumentId DOCUMENT = DocumentId.ofRoom("room");
    private static final byte[] EMPTY = {0, 0};

    private final List<String> events = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void itStopsOnceAtTheStepThatWasAskedFor(Step step) {
        BreakpointStorage storage =
                new BreakpointStorage(new InMemoryStorage(), step, reached -> events.add(reached.name()));

        compact(storage);
        compact(storage);

        assertThat(events).containsExactly(step.name());
    }

    private static void compact(BreakpointStorage storage) {
        storage.load(DOCUMENT);
        var reference = storage.store(DOCUMENT, EMPTY, StateVector.decode(new byte[] {0}));
        storage.discard(DOCUMENT, List.of(reference));
    }
}
