package dev.weft.yjs;

import org.jspecify.annotations.Nullable;

/** An object in a text, such as an image: JSON, which is parsed when somebody asks for it. */
final class ContentEmbed extends Content {
    private final byte[] json;
    private @Nullable Object value;
    private boolean parsed;

    ContentEmbed(byte[] json) {
        this.json = json;
    }

    @Override
    int kind() {
        return StructReader.EMBED;
    }

    @Override
    @SuppressWarnings("NullAway") // JSON null is an embed too
    Object element(int index) {
        if (!parsed) {
            value = JsValues.parseJson(json);
            parsed = true;
        }
        return value;
    }

    @Override
    void write(Output out, long offset) {
        out.buffer(json);
    }
}
