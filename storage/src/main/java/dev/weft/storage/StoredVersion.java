package dev.weft.storage;

import dev.weft.yjs.StateVector;

/**
 * A version of a document as it lies in storage: an update that holds all of the document, or a part.
 *
 * @param reference names it for {@link DocumentStorage#discard} and {@link DocumentStorage#load(DocumentId, java.util.Collection)}
 * @param update update in encoding V1; owned by the receiver of this record
 * @param stateVector the state vector of {@code update}, as it was stored beside it
 */
public record StoredVersion(VersionReference reference, byte[] update, StateVector stateVector) {}
