@NullMarked
package dev.weft.server;

import org.jspecify.annotations.NullMarked;
