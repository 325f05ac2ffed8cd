@NullMarked
package dev.weft.benchmarks.load;

import org.jspecify.annotations.NullMarked;
