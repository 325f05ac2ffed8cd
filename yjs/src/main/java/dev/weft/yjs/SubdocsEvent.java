package dev.weft.yjs;

import java.util.List;

/**
 * Subdocuments that came into a document, that somebody wants loaded, or that were removed from it. Those removed are
 * {@linkplain YDoc#destroy destroyed} when all listeners have returned.
 */
public record SubdocsEvent(List<YDoc> added, List<YDoc> loaded, List<YDoc> removed, Transaction transaction) {}
