package dev.weft.yjs;

/** What is left of an item whose parent was deleted and collected: its length alone. */
final class GcStruct extends Struct {
    GcStruct(ClientStructs owner, long clock, long length) {
        super(owner, clock, length);
    }

    @Override
    boolean isDeleted() {
        return true;
    }

    @Override
    void write(Output out, long offset) {
        out.uint8(StructReader.GC).varUint(length - offset);
    }
}
