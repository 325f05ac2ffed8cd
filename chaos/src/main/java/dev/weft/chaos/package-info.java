/** The crash harness: Weft in several processes, of which any may be killed, paused or cut off at any moment. */
@NullMarked
package dev.weft.chaos;

import org.jspecify.annotations.NullMarked;
