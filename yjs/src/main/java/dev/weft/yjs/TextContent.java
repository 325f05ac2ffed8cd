package dev.weft.yjs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A text as a delta, now or as it was at a snapshot, perhaps compared with another (Yjs {@code YText.js}, {@code toDelta}). */
final class TextContent {
    private static final String CHANGE = "ychange";

    private final @Nullable Snapshot snapshot;
    private final @Nullable Snapshot previous;
    private final List<DeltaOp> steps = new ArrayList<>();
    private final Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
    private final StringBuilder text = new StringBuilder();

    TextContent(@Nullable Snapshot snapshot, @Nullable Snapshot previous) {
        this.snapshot = snapshot;
        this.previous = previous;
    }

    List<DeltaOp> of(YType type) {
        for (Item item = type.start; item != null; item = item.right) {
            boolean isShown = isShown(item);
            if (!isShown && (previous == null || !previous.shows(item))) {
                continue;
            }
            switch (item.content) {
                case ContentString string -> {
                    markChange(item, isShown);
                    string.appendTo(text);
                }
                case ContentType embed -> embed(embed);
                case ContentEmbed embed -> embed(embed);
                case ContentFormat format -> {
                    if (isShown) {
                        finishText();
                        TextPosition.apply(attributes, format);
                    }
                }
                default -> {}
            }
        }
        finishText();
        return steps;
    }

    private boolean isShown(Item item) {
        return snapshot == null ? !item.isDeleted() : snapshot.shows(item);
    }

    private void markChange(Item item, boolean isShown) {
        if (snapshot == null) {
            return;
        }
        if (!isShown) {
            changed("removed");
        } else if (previous != null && !previous.shows(item)) {
            changed("added");
        } else if (attributes.containsKey(CHANGE)) {
            finishText();
            attributes.remove(CHANGE);
        }
    }

    /** As in Yjs, where nobody names a user, each item is a step of its own. */
    private void changed(String type) {
        finishText();
        attributes.put(CHANGE, Map.of("type", type));
    }

    private void embed(Content content) {
        finishText();
        steps.add(new DeltaOp.Insert(content.element(0), attributes));
    }

    private void finishText() {
        if (!text.isEmpty()) {
            steps.add(new DeltaOp.Insert(text.toString(), attributes));
            text.setLength(0);
        }
    }
}
