package dev.weft.yjs;

/**
 * An update in encoding V2 under construction (Yjs {@code UpdateEncoder.js}, {@code UpdateEncoderV2}): what V1 writes struct by
 * struct lies here in columns, each a buffer, with the rest after them:
 *
 * <pre>
 *   varUint 0    a flag for features to come
 *   key clocks {@link DiffRuns}, clients {@link UintRuns}, origin clocks and right origin clocks {@link DiffRuns},
 *   info bytes {@link ByteRuns}, strings {@link StringColumn}, parent infos {@link ByteRuns}, types and lengths {@link UintRuns}
 *   the rest, without a length: varUint blocks, per block varUint structs, varUint first clock, and of the structs
 *            buffers, any values and the lengths of gaps; then the delete set
 *   delete set   varUint clients, per client: varUint client, varUint ranges, per range: varUint clock less the end of the
 *                range before, varUint length less one
 * </pre>
 */
final class V2Writer {
    private final DiffRuns.Writer keyClocks = new DiffRuns.Writer();
    private final UintRuns.Writer clients = new UintRuns.Writer();
    private final DiffRuns.Writer originClocks = new DiffRuns.Writer();
    private final DiffRuns.Writer rightOriginClocks = new DiffRuns.Writer();
    private final ByteRuns.Writer infos = new ByteRuns.Writer();
    private final StringColumn.Writer strings = new StringColumn.Writer();
    private final ByteRuns.Writer parentInfos = new ByteRuns.Writer();
    private final UintRuns.Writer types = new UintRuns.Writer();
    private final UintRuns.Writer lengths = new UintRuns.Writer();
    private final Output rest = new Output(64);
    private final Embeds embeds;
    private int blocks;
    private long keys;

    /** @param embeds how they stand in the update that is to be written */
    V2Writer(Embeds embeds) {
        this.embeds = embeds;
    }

    void beginBlock(StructReader structs) {
        blocks++;
        clients.write(structs.client);
        rest.varUint(structs.structsLeft()).varUint(structs.clockAfter());
    }

    /** Adds the current struct of {@code reader}, which reads {@code bytes}. */
    void write(byte[] bytes, StructReader reader) {
        int kind = reader.kind();
        Input in = Input.trusting(bytes, reader.start + 1, reader.end);
        boolean hasOrigins = (reader.info & (StructReader.HAS_ORIGIN | StructReader.HAS_RIGHT_ORIGIN)) != 0;
        // In V1 the bit means nothing beside an origin. What comes from V2 has it only where Yjs writes it, on the
        // right part of a cut.
        boolean dropsKey = hasOrigins && embeds == Embeds.JSON;
        infos.write(dropsKey ? reader.info & ~StructReader.HAS_KEY : reader.info);
        if (kind == StructReader.GC) {
            lengths.write(reader.length);
            return;
        }
        if (kind == StructReader.SKIP) {
            rest.varUint(reader.length);
            return;
        }
        if ((reader.info & StructReader.HAS_ORIGIN) != 0) {
            id(in, originClocks);
        }
        if ((reader.info & StructReader.HAS_RIGHT_ORIGIN) != 0) {
            id(in, rightOriginClocks);
        }
        if (!hasOrigins) {
            parent(in, (reader.info & StructReader.HAS_KEY) != 0);
        }
        content(in, kind, reader.length);
    }

    private void id(Input in, DiffRuns.Writer clocks) {
        clients.write(in.varUint());
        clocks.write(in.varUint());
    }

    private void parent(Input in, boolean hasKey) {
        int isRoot = (int) in.varUint();
        parentInfos.write(isRoot);
        if (isRoot == 1) {
            strings.write(in);
        } else {
            id(in, originClocks);
        }
        if (hasKey) {
            strings.write(in);
        }
    }

    private void content(Input in, int kind, long length) {
        switch (kind) {
            case StructReader.DELETED -> lengths.write(length);
            case StructReader.JSON -> {
                lengths.write(in.varUint());
                for (long i = 0; i < length; i++) {
                    strings.write(in);
                }
            }
            case StructReader.STRING -> strings.write(in);
            case StructReader.EMBED -> json(in);
            case StructReader.FORMAT -> {
                key(in);
                json(in);
            }
            case StructReader.TYPE -> {
                long type = in.varUint();
                types.write(type);
                if (type == StructReader.XML_ELEMENT || type == StructReader.XML_HOOK) {
                    key(in);
                }
            }
            case StructReader.ANY -> {
                lengths.write(in.varUint());
                rest(in);
            }
            case StructReader.DOC -> {
                strings.write(in);
                rest(in);
            }
            case StructReader.BINARY -> rest(in);
            default -> throw new IllegalArgumentException("no kind of struct: " + kind);
        }
    }

    /** A key is written in full each time; Yjs counts them, but has never reused one. */
    private void key(Input in) {
        keyClocks.write(keys++);
        strings.write(in);
    }

    private void json(Input in) {
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        if (embeds == Embeds.ANY) {
            rest.copy(in.bytes(), from, from + length);
            return;
        }
        AnyValues.write(rest, JsonValues.parse(in.bytes(), from, from + length));
    }

    /** Copies what is left of a struct: V1 and V2 write it alike. */
    private void rest(Input in) {
        rest.copy(in.bytes(), in.position(), in.position() + in.remaining());
    }

    byte[] finish(RangeSet deletions) {
        Output out = new Output(rest.size() + 256);
        out.uint8(0);
        out.buffer(keyClocks.finish());
        out.buffer(clients.finish());
        out.buffer(originClocks.finish());
        out.buffer(rightOriginClocks.finish());
        out.buffer(infos.finish());
        out.buffer(strings.finish());
        out.buffer(parentInfos.finish());
        out.buffer(types.finish());
        out.buffer(lengths.finish());
        out.varUint(blocks).copy(rest);
        deletions.writeDeleteSetV2(out);
        return out.toByteArray();
    }
}
