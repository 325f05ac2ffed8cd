package dev.weft.benchmarks.load;

import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import dev.weft.yjs.YDoc;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Whether two updates are the same document: by state vector and by content. */
final class SameDocument {
    private SameDocument() {}

    /** What differs; empty if nothing does. */
    static Optional<String> difference(byte[] expected, byte[] got) {
        StateVector has = Updates.stateVector(got);
        StateVector wanted = Updates.stateVector(expected);
        if (!has.equals(wanted)) {
            return Optional.of("the state vector is " + shortened(has) + " instead of " + shortened(wanted));
        }
        if (Arrays.equals(Updates.compact(List.of(expected)), Updates.compact(List.of(got)))) {
            return Optional.empty();
        }
        // A server may have collected garbage at another time, which splits items differently: then what is in it
        // counts.
        return content(expected).equals(content(got))
                ? Optional.empty()
                : Optional.of("the content differs, while the state vectors are the same");
    }

    /** What is in each root, as what it looks like: of roots that nobody has asked for by type a document tells nothing. */
    private static Map<String, @Nullable Object> content(byte[] update) {
        YDoc doc = new YDoc();
        doc.applyUpdate(update);
        Map<String, @Nullable Object> content = new HashMap<>();
        for (String root : doc.rootNames()) {
            switch (doc.likelyKind(root)) {
                case TEXT -> content.put(root, doc.getText(root).toDelta());
                case XML -> content.put(root, doc.getXmlFragment(root).toString());
                case MAP -> content.put(root, doc.getMap(root).toJson());
                case ARRAY -> content.put(root, doc.getArray(root).toJson());
                case UNKNOWN -> content.put(root, null);
            }
        }
        return content;
    }

    private static String shortened(StateVector vector) {
        String text = vector.toString();
        return text.length() <= 80 ? text : text.substring(0, 80) + " …";
    }
}
