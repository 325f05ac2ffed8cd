package dev.weft.worker;

/**
 * How documents are compacted.
 *
 * @param garbage which documents lose what was deleted in them
 * @param versions which stored versions are merged with what is new
 * @param patience how long a large document in which somebody writes is left alone
 */
record CompactionOptions(GarbagePolicy garbage, VersionPolicy versions, Patience patience) {}
