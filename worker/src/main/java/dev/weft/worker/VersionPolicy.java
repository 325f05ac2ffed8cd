package dev.weft.worker;

import dev.weft.storage.VersionInfo;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Decides which stored versions of a document are merged with what is new, and which stay as they are. The largest version is the
 * document as it was last written whole; the others are parts, each what was new once, or several of these merged.
 *
 * <ul>
 *   <li>A document of up to 64 KiB is always one version.
 *   <li>It is written whole when the parts together come to more than half of it, or when it was last written whole so long ago: that bounds
 *       what storage and joins carry beyond the document, and how long something that was deleted stays in storage. Each byte of the parts
 *       costs two of the document then, at most.
 *   <li>Otherwise what is new becomes a part. Only when there would be more than eight versions, the smallest part is merged with it, and
 *       then the next larger one as long as it is not larger than all that was gathered. So parts grow by doubling, and the
 *       largest are left alone. With parts of one size, 120 of them are written 2.7 times each, which is the least that eight
 *       versions allow, and 360 of them 4.6 times, where 3.6 would be the least for one who knew their number before.
 * </ul>
 *
 * @param most the most versions of a document, at least 2; so many does a join read
 * @param small documents of up to so many bytes are one version: what they cost is requests and rows rather than bytes
 * @param rewriteAfter how old the document as it was last written whole may become before it is written whole again, if something is new
 */
record VersionPolicy(int most, long small, Duration rewriteAfter) {
    private static final int MOST = 8;
    private static final long SMALL = 64 << 10;

    VersionPolicy(Duration rewriteAfter) {
        this(MOST, SMALL, rewriteAfter);
    }

    /**
     * What is to be merged with what is new.
     *
     * @param versions those versions; none if what is new becomes a version of its own
     * @param isWhole whether these are all that there are
     */
    record Plan(List<VersionInfo> versions, boolean isWhole) {
        /** How many bytes are to be read from storage. */
        long bytes() {
            return VersionPolicy.bytes(versions);
        }
    }

    /** Which of the live versions are to be merged with what is new, about {@code tail} bytes. */
    Plan plan(List<VersionInfo> live, long tail, Instant now) {
        List<VersionInfo> parts = new ArrayList<>(live);
        parts.sort(Comparator.comparingLong(VersionInfo::bytes));
        if (parts.isEmpty() || isSmall(bytes(parts) + tail)) {
            return new Plan(live, true);
        }
        VersionInfo document = parts.removeLast();
        boolean isOld = document.storedAt().plus(rewriteAfter).isBefore(now);
        if (isOld || bytes(parts) + tail > document.bytes() / 2) {
            return new Plan(live, true);
        }
        if (2 + parts.size() <= most) {
            return new Plan(List.of(), false);
        }
        int taken = 0;
        long gathered = tail;
        while (taken < parts.size()
                && (2 + parts.size() - taken > most || parts.get(taken).bytes() <= gathered)) {
            gathered += parts.get(taken).bytes();
            taken++;
        }
        return new Plan(List.copyOf(parts.subList(0, taken)), false);
    }

    boolean isSmall(long bytes) {
        return bytes <= small;
    }

    static long bytes(List<VersionInfo> versions) {
        return versions.stream().mapToLong(VersionInfo::bytes).sum();
    }
}
