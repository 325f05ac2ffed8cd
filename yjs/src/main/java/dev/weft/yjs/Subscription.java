package dev.weft.yjs;

/** Something that is called until this is closed. Closing twice does nothing. Belongs to the document's thread. */
public interface Subscription extends AutoCloseable {
    @Override
    void close();
}
