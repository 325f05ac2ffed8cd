package dev.weft.yjs;

import dev.weft.yjs.IndexWalk.Place;
import org.jspecify.annotations.Nullable;

/**
 * Makes the index of an update in one pass over its ranges. What comes from an indexed update is taken over from its index;
 * everything else is scanned. A header, a struct or a deletion lies within one range.
 */
final class PlanIndexer {
    private final UpdatePlan plan;
    private final IndexTable.Builder structs = new IndexTable.Builder(0);
    private IndexTable.@Nullable Builder deletions;

    /** What is still to come: of the current half -1 while it has not begun, and of the current block. */
    private int blocksLeft = -1;

    private int entriesLeft;
    private long client;
    /** For structs the clock that comes next, for deletions the clock after the last one. */
    private long clock;

    private boolean isCanonical = true;

    /** Bytes of the update before the current range. */
    private long passed;

    /** What to add to an offset in the array of the current range to have it in the update. */
    private int shift;

    private Input in = Input.trusting(new byte[0]);
    private @Nullable IndexTables known;

    private PlanIndexer(UpdatePlan plan) {
        this.plan = plan;
    }

    /** @throws MalformedException if the bytes are no update; the offset is one in the array of a range */
    static IndexTables index(UpdatePlan plan) {
        return new PlanIndexer(plan).index();
    }

    private IndexTables index() {
        for (int i = 0; i < plan.ranges(); i++) {
            shift = (int) (passed - plan.from(i));
            in = Input.trusting(plan.source(i), plan.from(i), plan.to(i));
            known = plan.index(i);
            while (in.hasMore()) {
                step();
            }
            passed += plan.to(i) - plan.from(i);
        }
        IndexTable.Builder halfOfDeletions = deletions;
        if (halfOfDeletions == null || blocksLeft != 0 || entriesLeft != 0) {
            throw new MalformedException(in.position(), "more bytes were expected");
        }
        int end = (int) plan.size();
        return new IndexTables(
                structs.build(halfOfDeletions.start()),
                (isCanonical ? halfOfDeletions : new IndexTable.Builder(halfOfDeletions.start())).build(end),
                isCanonical);
    }

    private void step() {
        IndexTable.Builder half = deletions;
        if (entriesLeft > 0) {
            if (half == null) {
                structs();
            } else {
                deletions(half);
            }
        } else if (blocksLeft > 0) {
            if (half == null) {
                structHeader();
            } else {
                deletionHeader(half);
            }
        } else if (blocksLeft < 0) {
            blocksLeft = count(StructReader.MIN_BLOCK_BYTES, "blocks of structs");
            client = Long.MAX_VALUE;
        } else if (half == null) {
            deletions = new IndexTable.Builder(in.position() + shift);
            int at = in.position();
            blocksLeft = count(DeleteSetReader.MIN_CLIENT_BYTES, "clients with deletions");
            isCanonical = in.position() - at == Output.varUintSize(blocksLeft);
            client = Long.MAX_VALUE;
        } else {
            in.expectEnd();
        }
    }

    private void structHeader() {
        int at = in.position();
        entriesLeft = count(StructReader.MIN_STRUCT_BYTES, "structs");
        client = in.varUint();
        clock = in.varUint();
        structs.beginBlock(client, at + shift, in.position() + shift);
        blocksLeft--;
    }

    private void structs() {
        if (known != null && reuse(structs, known.structs())) {
            return;
        }
        StructReader reader = StructReader.inside(in, client, clock, entriesLeft);
        // From a known array one struct at a time, because the next one may be indexed.
        do {
            reader.next();
            struct(reader);
            if (known == null && structs.isOpen()) {
                common(reader);
            }
        } while (known == null && reader.structsLeft() > 0 && in.hasMore());
        entriesLeft = reader.structsLeft();
        clock = reader.clockAfter();
    }

    private void struct(StructReader reader) {
        if (reader.kind() == StructReader.SKIP) {
            structs.skip(1);
            return;
        }
        if (!structs.isOpen()) {
            structs.beginRun(reader.start + shift, reader.clock);
        } else if (structs.isDue()) {
            structs.offer(reader.start + shift, reader.clock, structs.entries());
        }
        structs.add(reader.start + shift, reader.end + shift, reader.clockAfter(), 1);
    }

    /** Passes common structs up to where a place is due. */
    private void common(StructReader reader) {
        int left = reader.structsLeft();
        reader.passCommon(Input.MAX_INTEGER, structs.untilDue());
        int passed = left - reader.structsLeft();
        if (passed > 0) {
            structs.add(reader.start + shift, reader.end + shift, reader.clockAfter(), passed);
        }
    }

    private void deletionHeader(IndexTable.Builder half) {
        int at = in.position();
        long next = in.varUint();
        entriesLeft = count(DeleteSetReader.MIN_RANGE_BYTES, "ranges of deletions");
        int shortest = Output.varUintSize(next) + Output.varUintSize(entriesLeft);
        isCanonical &= next < client && entriesLeft > 0 && in.position() - at == shortest;
        client = next;
        half.beginBlock(client, at + shift, in.position() + shift);
        blocksLeft--;
    }

    private void deletions(IndexTable.Builder half) {
        if (known != null && reuse(half, known.deletions())) {
            return;
        }
        DeleteSetReader reader = DeleteSetReader.inside(in, client, entriesLeft);
        do {
            reader.next();
            deletion(half, reader);
        } while (known == null && reader.rangesLeft() > 0 && in.hasMore());
        entriesLeft = reader.rangesLeft();
    }

    private void deletion(IndexTable.Builder half, DeleteSetReader reader) {
        int shortest = Output.varUintSize(reader.clock) + Output.varUintSize(reader.length);
        isCanonical &= reader.end() - reader.start == shortest;
        if (!half.isOpen()) {
            half.beginRun(reader.start + shift, reader.clock);
        } else {
            isCanonical &= reader.clock > clock;
            if (half.isDue()) {
                half.offer(reader.start + shift, reader.clock, half.entries());
            }
        }
        half.add(reader.start + shift, reader.end() + shift, reader.clockAfter(), 1);
        clock = reader.clockAfter();
    }

    /**
     * Takes what comes next over from an index, up to the end of a run or of the range. That the bytes are those of an indexed
     * update is no proof that they are its entries: a fresh header may have been found among other bytes, for example. So all
     * is compared that was read so far.
     *
     * @return whether there was anything to take over
     */
    private boolean reuse(IndexTable.Builder half, IndexTable table) {
        int from = in.position();
        int r = table.runAt(from);
        if (r < 0 || table.client(table.block(r)) != client) {
            return false;
        }
        Place begin = from == table.from(r) ? new Place(0, from, table.clock(r)) : place(table, r, from);
        int to = Math.min(from + in.remaining(), table.to(r));
        Place end = to == table.to(r)
                ? new Place(table.entries(r), table.last(r), table.clockAfter(r))
                : place(table, r, to);
        if (begin == null || end == null || end.entries() - begin.entries() > entriesLeft) {
            return false;
        }
        long first = begin.clockAfter();
        if (half != structs) {
            first = from == table.from(r)
                    ? table.clock(r)
                    : Input.trusting(in.bytes(), from, to).varUint();
            isCanonical &= !half.isOpen() || first > clock;
        } else if (first != clock) {
            return false;
        }
        if (!half.isOpen()) {
            half.beginRun(from + shift, first);
        }
        offerPlaces(half, table, r, to, first, begin.entries());
        int count = end.entries() - begin.entries();
        half.add(end.last() + shift, to + shift, end.clockAfter(), count);
        in.skip(to - from);
        entriesLeft -= count;
        clock = end.clockAfter();
        return true;
    }

    private @Nullable Place place(IndexTable table, int r, int end) {
        return deletions == null
                ? IndexWalk.structsBefore(in.bytes(), table, r, end)
                : IndexWalk.deletionsBefore(in.bytes(), table, r, end);
    }

    private void offerPlaces(IndexTable.Builder half, IndexTable table, int r, int to, long first, int entriesBefore) {
        int from = in.position();
        half.offer(from + shift, first, half.entries());
        int more = half.entries() - entriesBefore;
        Checkpoints places = table.places();
        int end = table.firstPlace(r + 1);
        for (int i = places.lastUpToOffset(table.firstPlace(r), end, from) + 1; i < end && places.offset(i) < to; i++) {
            half.offer(places.offset(i) + shift, places.clock(i), places.entry(i) + more);
        }
    }

    /** A number of things that must fit into what is left of the update, which may be more than the range. */
    private int count(int bytesEach, String things) {
        int at = in.position();
        long count = in.varUint();
        long left = plan.size() - in.position() - shift;
        if (count > left / bytesEach) {
            throw new MalformedException(at, "room for " + count + " " + things + " was expected");
        }
        return (int) count;
    }
}
