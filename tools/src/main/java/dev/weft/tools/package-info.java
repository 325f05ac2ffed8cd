@NullMarked
package dev.weft.tools;

import org.jspecify.annotations.NullMarked;
