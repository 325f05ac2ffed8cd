package dev.weft.yjs;

/**
 * One conversion of an update from encoding V2, whose columns {@link V2Writer} describes, to V1. The result is not checked.
 */
final class V2Reader {
    private final int maxBytes;
    private final Embeds embeds;
    private final DiffRuns.Reader keyClocks;
    private final UintRuns.Reader clients;
    private final DiffRuns.Reader originClocks;
    private final DiffRuns.Reader rightOriginClocks;
    private final ByteRuns.Reader infos;
    private final StringColumn.Reader strings;
    private final ByteRuns.Reader parentInfos;
    private final UintRuns.Reader types;
    private final UintRuns.Reader lengths;
    private final Input rest;
    private final KeyTable keys = new KeyTable();
    private final Output out;

    V2Reader(byte[] update, int maxBytes, Embeds embeds) {
        this.maxBytes = maxBytes;
        this.embeds = embeds;
        Input in = Input.checking(update, 0, update.length);
        in.varUint();
        keyClocks = new DiffRuns.Reader(column(in));
        clients = new UintRuns.Reader(column(in));
        originClocks = new DiffRuns.Reader(column(in));
        rightOriginClocks = new DiffRuns.Reader(column(in));
        infos = new ByteRuns.Reader(column(in));
        strings = new StringColumn.Reader(column(in));
        parentInfos = new ByteRuns.Reader(column(in));
        types = new UintRuns.Reader(column(in));
        lengths = new UintRuns.Reader(column(in));
        rest = in;
        out = new Output(Math.min(maxBytes, 2 * update.length + 64));
    }

    private static Input column(Input in) {
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        return Input.checking(in.bytes(), from, from + length);
    }

    byte[] toV1() {
        int blocks = rest.count(2, "blocks of structs");
        out.varUint(blocks);
        for (int block = 0; block < blocks; block++) {
            long structs = rest.varUint();
            out.varUint(structs).varUint(clients.read()).varUint(rest.varUint());
            for (long i = 0; i < structs; i++) {
                struct();
                limit();
            }
        }
        deleteSet();
        limit();
        rest.expectEnd();
        return out.toByteArray();
    }

    private void limit() {
        if (out.size() > maxBytes) {
            throw new MalformedException(
                    rest.position(), "an update of at most " + maxBytes + " bytes in encoding V1 was expected");
        }
    }

    private void struct() {
        int info = infos.read();
        int kind = info & StructReader.KIND;
        boolean hasOrigins = (info & (StructReader.HAS_ORIGIN | StructReader.HAS_RIGHT_ORIGIN)) != 0;
        out.uint8(hasOrigins ? info & ~StructReader.HAS_KEY : info);
        if (kind == StructReader.GC) {
            out.varUint(lengths.read());
            return;
        }
        if (kind == StructReader.SKIP) {
            out.varUint(rest.varUint());
            return;
        }
        if ((info & StructReader.HAS_ORIGIN) != 0) {
            out.varUint(clients.read()).varUint(originClocks.read());
        }
        if ((info & StructReader.HAS_RIGHT_ORIGIN) != 0) {
            out.varUint(clients.read()).varUint(rightOriginClocks.read());
        }
        if (!hasOrigins) {
            parent((info & StructReader.HAS_KEY) != 0);
        }
        content(kind);
    }

    private void parent(boolean hasKey) {
        int isRoot = parentInfos.read();
        out.varUint(isRoot);
        if (isRoot == 1) {
            strings.read(out);
        } else {
            out.varUint(clients.read()).varUint(originClocks.read());
        }
        if (hasKey) {
            strings.read(out);
        }
    }

    private void content(int kind) {
        switch (kind) {
            case StructReader.DELETED -> out.varUint(lengths.read());
            case StructReader.JSON -> {
                long count = lengths.read();
                out.varUint(count);
                for (long i = 0; i < count; i++) {
                    strings.read(out);
                    if (out.size() > maxBytes) {
                        return;
                    }
                }
            }
            case StructReader.BINARY -> copy(rest::skipBuffer);
            case StructReader.STRING -> strings.read(out);
            case StructReader.EMBED -> json();
            case StructReader.FORMAT -> {
                key();
                json();
            }
            case StructReader.TYPE -> {
                long type = types.read();
                out.varUint(type);
                if (type == StructReader.XML_ELEMENT || type == StructReader.XML_HOOK) {
                    key();
                }
            }
            case StructReader.ANY -> {
                long count = lengths.read();
                out.varUint(count);
                for (long i = 0; i < count; i++) {
                    copy(() -> Any.skip(rest));
                }
            }
            case StructReader.DOC -> {
                strings.read(out);
                copy(() -> Any.skip(rest));
            }
            default -> throw new MalformedException(rest.position(), "a kind of struct was expected, not " + kind);
        }
    }

    private void copy(Runnable skip) {
        int from = rest.position();
        skip.run();
        out.copy(rest.bytes(), from, rest.position());
    }

    private void json() {
        if (embeds == Embeds.ANY) {
            int from = rest.position();
            Any.skip(rest);
            out.varUint(rest.position() - from).copy(rest.bytes(), from, rest.position());
            return;
        }
        out.buffer(JsonValues.stringify(AnyValues.read(rest)));
    }

    /** A key that was read before, by its number, or a new one. */
    private void key() {
        long number = keyClocks.read();
        if (number < keys.size()) {
            keys.copyTo(out, (int) number);
        } else {
            int from = out.size();
            strings.read(out);
            keys.add(from, out.size());
        }
    }

    private void deleteSet() {
        int clientCount = rest.count(2, "clients with deletions");
        RangeSet.Builder deletions = new RangeSet.Builder();
        for (int i = 0; i < clientCount; i++) {
            long client = rest.varUint();
            long end = 0;
            for (int left = rest.count(2, "ranges of deletions"); left > 0; left--) {
                int at = rest.position();
                long from = end + rest.varUint();
                end = from + rest.varUint() + 1;
                if (end > Input.MAX_INTEGER) {
                    throw new MalformedException(at, "a range of clocks below 2^53 was expected");
                }
                deletions.add(client, from, end);
            }
        }
        deletions.build().writeDeleteSet(out);
    }
}
