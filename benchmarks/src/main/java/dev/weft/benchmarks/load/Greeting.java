package dev.weft.benchmarks.load;

import dev.weft.yjs.StateVector;
import dev.weft.yjs.Updates;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a client brings to a room.
 *
 * @param have of the document, for its sync step 1
 * @param lacks what the server lacks, the answer to its sync step 1
 * @param awareness the frame of its presence
 */
record Greeting(StateVector have, Function<StateVector, byte[]> lacks, Optional<byte[]> awareness) {
    /** Of somebody who has nothing and shows nothing. */
    static Greeting empty() {
        return new Greeting(StateVector.empty(), vector -> Updates.empty(), Optional.empty());
    }

    /** Of somebody who has a document, which the server may lack. */
    static Greeting having(StateVector have, Function<StateVector, byte[]> lacks) {
        return new Greeting(have, lacks, Optional.empty());
    }

    static Greeting present(byte[] awareness) {
        return new Greeting(StateVector.empty(), vector -> Updates.empty(), Optional.of(awareness));
    }
}
