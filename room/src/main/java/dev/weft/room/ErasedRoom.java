package dev.weft.room;

/**
 * What Redis had of a room that was erased.
 *
 * @param entries of its stream
 * @param clients whose presence was kept, those who had left lately among them
 */
public record ErasedRoom(long entries, long clients) {}
