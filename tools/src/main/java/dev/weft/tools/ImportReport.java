package dev.weft.tools;

import java.util.ArrayList;
import java.util.List;

/** What came of an import, or has come of it so far. May be used by several threads. */
final class ImportReport {
    // A bucket full of something else must not fill the memory with its names.
    private static final int MOST_REASONS = 100;

    // All guarded by this.
    private long imported;
    private long versions;
    private long bytesRead;
    private long bytesStored;
    private long skipped;
    private long left;
    private final List<String> reasons = new ArrayList<>();

    /**
     * Numbers at one moment.
     *
     * @param imported documents that are versions of ours now, or could be
     * @param versions how many versions of y-redis they had
     * @param bytesRead their bytes in encoding V2, those of skipped and left documents included
     * @param bytesStored what they have in encoding V1
     * @param skipped documents that others have replaced or erased meanwhile
     * @param left documents that could not be imported, and are as they were
     * @param reasons why, a line each; not of all, if they are many
     */
    record Totals(
            long imported,
            long versions,
            long bytesRead,
            long bytesStored,
            long skipped,
            long left,
            List<String> reasons) {
        long documents() {
            return imported + skipped + left;
        }
    }

    synchronized void imported(int count, long read, long stored) {
        imported++;
        versions += count;
        bytesRead += read;
        bytesStored += stored;
    }

    synchronized void skipped(long read) {
        skipped++;
        bytesRead += read;
    }

    synchronized void left(String name, String reason, long read) {
        left++;
        bytesRead += read;
        if (reasons.size() < MOST_REASONS) {
            reasons.add(name + ": " + reason);
        }
    }

    synchronized Totals totals() {
        return new Totals(imported, versions, bytesRead, bytesStored, skipped, left, List.copyOf(reasons));
    }
}
