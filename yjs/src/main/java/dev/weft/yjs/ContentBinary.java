package dev.weft.yjs;

/** A byte array, which nobody changes any more. */
final class ContentBinary extends Content {
    private final byte[] bytes;

    ContentBinary(byte[] bytes) {
        this.bytes = bytes;
    }

    @Override
    int kind() {
        return StructReader.BINARY;
    }

    @Override
    Object element(int index) {
        return bytes;
    }

    @Override
    void write(Output out, long offset) {
        out.buffer(bytes);
    }
}
