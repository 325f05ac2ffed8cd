package dev.weft.storage;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a storage has of a document, without any bytes.
 *
 * @param versions as {@link DocumentStorage#list} gives them
 * @param erasedAt as {@link DocumentStorage#erasedAt} gives it
 */
public record Inventory(List<VersionInfo> versions, Optional<Instant> erasedAt) {}
