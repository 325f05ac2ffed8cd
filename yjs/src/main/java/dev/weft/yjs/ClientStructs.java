package dev.weft.yjs;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The structs of one client in a document, by clock, without gaps from 0 on. Most lookups are for the last struct or near the one
 * before, hence the hint.
 */
final class ClientStructs {
    final long client;
    private Struct[] structs = new Struct[4];
    private int size;
    private int hint;

    /** What the latest transaction did to this client, with those before it that are not finished. */
    @Nullable
    Touch touch;

    ClientStructs(long client) {
        this.client = client;
    }

    /** The next clock. */
    long state() {
        return size == 0 ? 0 : structs[size - 1].end();
    }

    int size() {
        return size;
    }

    Struct get(int index) {
        return structs[index];
    }

    void add(Struct struct, Transaction transaction) {
        transaction.touch(this);
        if (size == structs.length) {
            structs = Arrays.copyOf(structs, size * 2);
        }
        structs[size++] = struct;
    }

    void replace(Struct struct, Struct other) {
        structs[indexOf(struct.clock)] = other;
    }

    Struct find(long clock) {
        return structs[indexOf(clock)];
    }

    /** @param clock 0 ≤ clock &lt; {@link #state} */
    int indexOf(long clock) {
        int last = size - 1;
        if (structs[last].clock <= clock) {
            return last;
        }
        int low = 0;
        int high = last - 1;
        int guess = Math.min(hint, high);
        if (structs[guess].clock <= clock) {
            if (structs[guess + 1].clock > clock) {
                hint = guess;
                return guess;
            }
            low = guess + 1;
        } else {
            high = guess - 1;
        }
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (structs[middle].clock <= clock) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        hint = low;
        return low;
    }

    /** The index of the struct that begins at {@code clock}, for which an item is split if need be. */
    int indexOfStart(Transaction transaction, long clock) {
        int index = indexOf(clock);
        if (structs[index] instanceof Item item && item.clock < clock) {
            insert(index + 1, item.split(transaction, clock - item.clock));
            return index + 1;
        }
        return index;
    }

    Struct startingAt(Transaction transaction, long clock) {
        int index = indexOfStart(transaction, clock);
        return structs[index];
    }

    /** The struct that ends with {@code clock}, for which an item is split if need be. */
    Struct endingAt(Transaction transaction, long clock) {
        int index = indexOf(clock);
        Struct struct = structs[index];
        if (struct instanceof Item item && clock != item.end() - 1) {
            insert(index + 1, item.split(transaction, clock - item.clock + 1));
        }
        return struct;
    }

    /** Deletes what is not deleted yet of {@code [clock, end)}, as far as it is there. */
    void delete(Transaction transaction, long clock, long end) {
        int index = indexOf(clock);
        if (structs[index] instanceof Item item && !item.isDeleted() && item.clock < clock) {
            index++;
            insert(index, item.split(transaction, clock - item.clock));
        }
        for (; index < size && structs[index].clock < end; index++) {
            if (structs[index] instanceof Item item && !item.isDeleted()) {
                if (end < item.end()) {
                    insert(index + 1, item.split(transaction, end - item.clock));
                }
                item.delete(transaction);
            }
        }
    }

    private void insert(int index, Struct struct) {
        if (size == structs.length) {
            structs = Arrays.copyOf(structs, size * 2);
        }
        System.arraycopy(structs, index, structs, index + 1, size - index);
        structs[index] = struct;
        size++;
    }

    /**
     * Joins each struct of {@code [first, last]} with the one to its left where that loses nothing, and on to the left as long as
     * there is something to join.
     *
     * @param first 1 ≤ first
     * @return how many have become part of others
     */
    int merge(int first, int last) {
        int from = first;
        while (from > 1
                && canMerge(structs[from - 1], structs[from])
                && canMerge(structs[from - 2], structs[from - 1])) {
            from--;
        }
        int kept = from - 1;
        for (int i = from; i <= last; i++) {
            if (canMerge(structs[kept], structs[i])) {
                merge(structs[kept], structs[i]);
            } else {
                structs[++kept] = structs[i];
            }
        }
        int merged = last - kept;
        if (merged > 0) {
            System.arraycopy(structs, last + 1, structs, kept + 1, size - last - 1);
            Arrays.fill(structs, size - merged, size, null);
            size -= merged;
        }
        return merged;
    }

    private static boolean canMerge(Struct left, Struct right) {
        if (left instanceof Item item) {
            return right instanceof Item next && item.canMerge(next);
        }
        return right instanceof GcStruct;
    }

    private static void merge(Struct left, Struct right) {
        if (left instanceof Item item) {
            item.merge((Item) right);
        } else {
            left.length += right.length;
        }
    }
}
