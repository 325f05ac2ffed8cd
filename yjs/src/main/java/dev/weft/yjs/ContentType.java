package dev.weft.yjs;

/** A type inside another. */
final class ContentType extends Content {
    final YType type;

    ContentType(YType type) {
        this.type = type;
    }

    @Override
    int kind() {
        return StructReader.TYPE;
    }

    @Override
    Object element(int index) {
        return type;
    }

    @Override
    void integrate(Transaction transaction, Item item) {
        type.integrate(transaction.doc(), item);
    }

    @Override
    void write(Output out, long offset) {
        type.writeKind(out);
    }
}
