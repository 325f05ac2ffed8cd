@NullMarked
package dev.weft.room;

import org.jspecify.annotations.NullMarked;
