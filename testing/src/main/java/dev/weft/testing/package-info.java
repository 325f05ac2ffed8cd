/** Real services for tests. */
@NullMarked
package dev.weft.testing;

import org.jspecify.annotations.NullMarked;
