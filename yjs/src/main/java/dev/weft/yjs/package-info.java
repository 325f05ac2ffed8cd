@NullMarked
package dev.weft.yjs;

import org.jspecify.annotations.NullMarked;
