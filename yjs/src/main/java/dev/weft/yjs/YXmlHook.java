package dev.weft.yjs;

/** A map in XML for something that an editor draws itself (Yjs {@code Y.XmlHook}). */
public final class YXmlHook extends YMap {
    private final String hookName;

    /** A preliminary hook without entries. */
    public YXmlHook(String hookName) {
        this.hookName = hookName;
    }

    public String hookName() {
        return hookName;
    }

    @Override
    void writeKind(Output out) {
        out.uint8(StructReader.XML_HOOK);
        Texts.write(out, hookName);
    }
}
