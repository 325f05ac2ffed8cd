package dev.weft.room;

import dev.weft.storage.VersionReference;
import java.util.Optional;

/**
 * A document put together in order to be stored: every entry of the stream up to its end is in it.
 *
 * @param document the document
 * @param identical the only stored version, if its bytes are the document's: the document need not be stored again
 */
public record Compactable(AssembledDocument document, Optional<VersionReference> identical) {}
