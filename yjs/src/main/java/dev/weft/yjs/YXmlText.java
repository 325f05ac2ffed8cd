package dev.weft.yjs;

/** Text between XML elements (Yjs {@code Y.XmlText}). As XML each attribute of its formatting becomes an element around the text. */
public final class YXmlText extends YText {
    /** A preliminary text without content. */
    public YXmlText() {}

    /** A preliminary text. */
    public YXmlText(String text) {
        super(text);
    }

    @Override
    void writeKind(Output out) {
        out.uint8(XML_TEXT);
    }

    @Override
    public String toString() {
        return doc == null ? "" : XmlWriter.write(this);
    }
}
