/**
 * A load generator for y-websocket servers, of any make, and the comparison of ours with others. The clients speak the raw protocol on a few
 * event loops; what they receive is compared with what was sent while it arrives.
 */
@NullMarked
package dev.weft.benchmarks.load;

import org.jspecify.annotations.NullMarked;
