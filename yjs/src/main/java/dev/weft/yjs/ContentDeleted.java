package dev.weft.yjs;

/** Content that was deleted and dropped: its length. */
final class ContentDeleted extends Content {
    private long length;

    ContentDeleted(long length) {
        this.length = length;
    }

    @Override
    int kind() {
        return StructReader.DELETED;
    }

    @Override
    long length() {
        return length;
    }

    @Override
    boolean isCountable() {
        return false;
    }

    @Override
    Object element(int index) {
        throw new IllegalStateException("deleted content has no elements");
    }

    @Override
    Content split(long offset) {
        Content rest = new ContentDeleted(length - offset);
        length = offset;
        return rest;
    }

    @Override
    boolean canMerge(Content next) {
        return next instanceof ContentDeleted;
    }

    @Override
    void merge(Content next) {
        length += next.length();
    }

    @Override
    void integrate(Transaction transaction, Item item) {
        transaction.deleted(item);
        item.markDeleted();
    }

    @Override
    void write(Output out, long offset) {
        out.varUint(length - offset);
    }
}
