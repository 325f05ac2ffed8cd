@NullMarked
package dev.weft.storage.postgres;

import org.jspecify.annotations.NullMarked;
