/** A storage of one's own, as an example: see docs/reference/writing-a-storage.md. */
@NullMarked
package org.example.weft.files;

import org.jspecify.annotations.NullMarked;
