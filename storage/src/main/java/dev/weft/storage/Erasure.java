package dev.weft.storage;

import java.time.Instant;

/**
 * A receipt for what {@link DocumentStorage#erase} did.
 *
 * @param at when the document was erased, by the clock of the storage or of the process that did it; that of the first time, if it was
 *     erased already
 * @param versions how many versions this call deleted; two calls at one time may both count one
 * @param bytes how many bytes they had, counted as in {@link VersionInfo}
 */
public record Erasure(Instant at, int versions, long bytes) {}
