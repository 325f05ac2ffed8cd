package dev.weft.yjs;

/** What a root is, as far as its content tells: it is not in the bytes of an update, and each client says it by how it asks for the root. */
public enum RootKind {
    /** Characters, formatting or embeds: {@link YDoc#getText}. */
    TEXT,
    /** Nodes of XML: {@link YDoc#getXmlFragment}. Editors of rich text often keep their document so. */
    XML,
    /** Values under keys and no list: {@link YDoc#getMap}. */
    MAP,
    /** A list of values or types: {@link YDoc#getArray}. */
    ARRAY,
    /** There is nothing in it any more that would tell. */
    UNKNOWN
}
