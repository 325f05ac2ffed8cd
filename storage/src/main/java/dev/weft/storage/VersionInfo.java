package dev.weft.storage;

import java.time.Instant;

/**
 * What is known of a stored version without reading it.
 *
 * @param reference names it for {@link DocumentStorage#load(DocumentId, java.util.Collection)} and {@link DocumentStorage#discard}
 * @param bytes how many its update has, as it is stored; may include a head of a few hundred bytes. Of a version of y-redis, those of its
 *     encoding V2
 * @param storedAt when it was stored, by the storage's clock; {@link Instant#EPOCH} if that is not known, as for rows of y-redis
 */
public record VersionInfo(VersionReference reference, long bytes, Instant storedAt) {}
