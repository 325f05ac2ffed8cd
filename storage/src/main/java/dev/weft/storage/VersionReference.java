package dev.weft.storage;

/**
 * Names one stored version of one document. Only the storage that made it knows what it means.
 *
 * @param value unique within the document, never used again
 */
public record VersionReference(String value) {}
