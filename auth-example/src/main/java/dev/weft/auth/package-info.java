@NullMarked
package dev.weft.auth;

import org.jspecify.annotations.NullMarked;
