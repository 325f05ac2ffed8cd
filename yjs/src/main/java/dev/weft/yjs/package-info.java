/**
 * Yjs's bytes: updates, state vectors, awareness and the messages between y-websocket clients and servers, worked on without
 * building a document; and {@link dev.weft.yjs.YDoc}, a document to read and to write. It needs nothing but the JDK. Everything public is either static, immutable or says that it is not
 * thread-safe; the one exception for bytes that are not what they should be is {@link dev.weft.yjs.MalformedException}.
 */
@NullMarked
package dev.weft.yjs;

import org.jspecify.annotations.NullMarked;
