/** The whole of Weft as its operators and users meet it: processes, real services, stock clients, a real browser, faults. */
@NullMarked
package dev.weft.system;

import org.jspecify.annotations.NullMarked;
