package dev.weft.yjs;

import java.util.Arrays;

/** Reads the content of a struct in encoding V1 that was checked; {@link StructReader} has the format. */
final class ContentReader {
    private ContentReader() {}

    static Content read(Input in, int kind, KeyCache keys) {
        return switch (kind) {
            case StructReader.DELETED -> new ContentDeleted(in.varUint());
            case StructReader.JSON, StructReader.ANY -> values(in, kind);
            case StructReader.BINARY -> new ContentBinary(buffer(in));
            case StructReader.STRING -> new ContentString(Texts.read(in));
            case StructReader.EMBED -> new ContentEmbed(buffer(in));
            case StructReader.FORMAT -> {
                String key = keys.read(in, in.position());
                in.skipString();
                yield new ContentFormat(key, buffer(in));
            }
            case StructReader.TYPE -> new ContentType(YType.read(in));
            case StructReader.DOC -> ContentDoc.read(in);
            default -> throw new MalformedException(in.position(), "a kind of struct was expected, not " + kind);
        };
    }

    private static Content values(Input in, int kind) {
        int count = in.count(1, "values");
        int from = in.position();
        for (int i = 0; i < count; i++) {
            if (kind == StructReader.ANY) {
                Any.skip(in);
            } else {
                in.skipString();
            }
        }
        return new ContentValues(kind, Arrays.copyOfRange(in.bytes(), from, in.position()), count);
    }

    private static byte[] buffer(Input in) {
        int length = in.byteLength();
        int from = in.position();
        in.skip(length);
        return Arrays.copyOfRange(in.bytes(), from, from + length);
    }
}
