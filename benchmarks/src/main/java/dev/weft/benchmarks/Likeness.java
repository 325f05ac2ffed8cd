package dev.weft.benchmarks;

import dev.weft.yjs.UpdatesV2;
import java.util.Arrays;

/** How a result of ours and the one of Yjs must be alike. */
enum Likeness {
    /** The same bytes. */
    EQUAL {
        @Override
        boolean holds(byte[] ours, byte[] theirs) {
            return Arrays.equals(ours, theirs);
        }
    },
    /** Updates with the same bytes but for the bit 0x20 where an origin stands, which Yjs writes or leaves out as it comes. */
    EQUAL_BUT_KEY_BIT {
        @Override
        boolean holds(byte[] ours, byte[] theirs) {
            return Arrays.equals(withoutKeyBit(ours), withoutKeyBit(theirs));
        }

        private static byte[] withoutKeyBit(byte[] update) {
            return UpdatesV2.toV1(UpdatesV2.fromV1(update)); // V2 is always written without it.
        }
    };

    abstract boolean holds(byte[] ours, byte[] theirs);
}
