package dev.weft.yjs;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What one transaction changed in a text; its delta tells formatting too. */
final class YTextEvent extends YEvent {
    YTextEvent(YType target, Transaction transaction, Set<@Nullable String> changed) {
        super(target, transaction, changed);
    }

    @Override
    List<DeltaOp> computeDelta() {
        return new TextChanges(this).compute();
    }
}
