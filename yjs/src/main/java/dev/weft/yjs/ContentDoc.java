package dev.weft.yjs;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A subdocument: the guid and options of a document, which is not itself in here. */
final class ContentDoc extends Content {
    private YDoc doc;
    private final byte[] options;

    ContentDoc(YDoc doc) {
        this.doc = doc;
        Map<String, @Nullable Object> written = new LinkedHashMap<>();
        if (!doc.options().gc()) {
            written.put("gc", false);
        }
        if (doc.options().autoLoad()) {
            written.put("autoLoad", true);
        }
        if (doc.options().meta() != null) {
            written.put("meta", doc.options().meta());
        }
        this.options = JsValues.toAny(written);
    }

    /** One that arrived. */
    static ContentDoc read(Input in) {
        String guid = Texts.read(in);
        if (!(JsValues.readAny(in) instanceof Map<?, ?> read)) {
            throw new MalformedException(in.position(), "the options of a subdocument were expected");
        }
        boolean autoLoad = JsValues.isTruthy(read.get("autoLoad"));
        YDocOptions.Builder builder = YDocOptions.builder()
                .guid(read.get("guid") instanceof String other ? other : guid)
                .autoLoad(autoLoad)
                .shouldLoad(autoLoad || JsValues.isTruthy(read.get("shouldLoad")))
                .meta(read.get("meta") == Undefined.UNDEFINED ? null : read.get("meta"));
        if (read.containsKey("gc") && read.get("gc") != Undefined.UNDEFINED) {
            builder.gc(JsValues.isTruthy(read.get("gc")));
        }
        return new ContentDoc(new YDoc(builder.build()));
    }

    YDoc doc() {
        return doc;
    }

    /** After the document was destroyed, a new one that is not loaded takes its place. */
    void replace(YDoc other) {
        doc = other;
    }

    @Override
    int kind() {
        return StructReader.DOC;
    }

    @Override
    Object element(int index) {
        return doc;
    }

    @Override
    void integrate(Transaction transaction, Item item) {
        doc.becomeSubdocument(item);
        transaction.subdocumentAdded(doc);
    }

    @Override
    void delete(Transaction transaction) {
        transaction.subdocumentRemoved(doc);
    }

    @Override
    void write(Output out, long offset) {
        Texts.write(out, doc.guid());
        out.copy(options, 0, options.length);
    }
}
