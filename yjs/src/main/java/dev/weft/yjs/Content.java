package dev.weft.yjs;

/**
 * What an {@link Item} holds (Yjs {@code structs/Content*.js}). The {@link #kind} is that of {@link StructReader}. Only strings,
 * lists of values and deleted lengths are ever longer than 1, and only they can be split and joined.
 */
abstract sealed class Content
        permits ContentBinary,
                ContentDeleted,
                ContentDoc,
                ContentEmbed,
                ContentFormat,
                ContentString,
                ContentType,
                ContentValues {
    abstract int kind();

    /** The length in clocks. */
    long length() {
        return 1;
    }

    /** Whether this counts toward the length of its parent. */
    boolean isCountable() {
        return true;
    }

    /** The element at an index, as users see it. */
    abstract Object element(int index);

    /** Keeps the first {@code offset} clocks. @return the others */
    Content split(long offset) {
        throw new IllegalStateException("content of one clock is not split");
    }

    boolean canMerge(Content next) {
        return false;
    }

    /** Appends content for which {@link #canMerge} holds. */
    void merge(Content next) {
        throw new IllegalStateException("content of one clock is not joined");
    }

    /** Called when the item that holds this has been linked. */
    void integrate(Transaction transaction, Item item) {}

    /** Called when the item that holds this has been deleted. */
    void delete(Transaction transaction) {}

    /** Appends this in encoding V1, without the first {@code offset} clocks. */
    abstract void write(Output out, long offset);
}
