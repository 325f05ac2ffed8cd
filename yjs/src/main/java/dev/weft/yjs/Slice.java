package dev.weft.yjs;

/** Writes the right part of a struct, as Yjs does where two updates overlap (Yjs {@code updates.js}, {@code sliceStruct}). */
final class Slice {
    private Slice() {}

    /**
     * Appends the current struct of {@code struct} without its first {@code offset} clocks. Its origin becomes the clock
     * before, its right origin stays.
     *
     * @param bytes the bytes that the reader reads
     * @param offset 1 ≤ offset &lt; length of the struct
     */
    static void write(Output out, byte[] bytes, StructReader struct, long offset) {
        int kind = struct.kind();
        if (kind == StructReader.GC || kind == StructReader.SKIP) {
            out.uint8(kind).varUint(struct.length - offset);
            return;
        }
        out.uint8(struct.info | StructReader.HAS_ORIGIN);
        out.varUint(struct.client).varUint(struct.clock + offset - 1);
        Input in = Input.trusting(bytes, struct.rightOriginStart, struct.end);
        if ((struct.info & StructReader.HAS_RIGHT_ORIGIN) != 0) {
            out.varUint(in.varUint()).varUint(in.varUint());
        }
        in.rewind(struct.contentStart);
        switch (kind) {
            case StructReader.DELETED -> out.varUint(struct.length - offset);
            case StructReader.STRING -> string(out, in, offset);
            case StructReader.JSON, StructReader.ANY -> {
                in.varUint();
                for (long i = 0; i < offset; i++) {
                    if (kind == StructReader.ANY) {
                        Any.skip(in);
                    } else {
                        in.skipString();
                    }
                }
                out.varUint(struct.length - offset).copy(bytes, in.position(), struct.end);
            }
            default -> throw new IllegalArgumentException("a struct of one clock has no right part");
        }
    }

    private static void string(Output out, Input in, long offset) {
        int length = in.byteLength();
        int from = in.position();
        int to = from + length;
        int cut = Utf8.offset(in.bytes(), from, to, offset);
        if (cut >= 0) {
            out.varUint(to - cut).copy(in.bytes(), cut, to);
        } else {
            int afterPair = ~cut;
            out.varUint(to - afterPair + Utf8.REPLACEMENT.length)
                    .copy(Utf8.REPLACEMENT, 0, Utf8.REPLACEMENT.length)
                    .copy(in.bytes(), afterPair, to);
        }
    }
}
