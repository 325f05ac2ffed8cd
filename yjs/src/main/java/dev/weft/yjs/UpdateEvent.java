package dev.weft.yjs;

import org.jspecify.annotations.Nullable;

/**
 * What one transaction changed, as others need it.
 *
 * @param update a new array that belongs to whoever listens; all listeners of one event are given the same
 * @param origin that of the transaction
 */
public record UpdateEvent(byte[] update, @Nullable Object origin, Transaction transaction) {}
