@NullMarked
package dev.weft.storage.s3;

import org.jspecify.annotations.NullMarked;
