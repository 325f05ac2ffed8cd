package dev.weft.server;

import dev.weft.yjs.StateVector;

/**
 * A sync step 1 to be answered.
 *
 * @param have what the client has
 * @param since when it asked
 * @param attempt how many reads were given up before, because too much was written while they lasted
 */
record Joiner(Member member, StateVector have, long since, int attempt) {
    Joiner again() {
        return new Joiner(member, have, since, attempt + 1);
    }
}
