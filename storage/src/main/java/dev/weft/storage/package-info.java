@NullMarked
package dev.weft.storage;

import org.jspecify.annotations.NullMarked;
