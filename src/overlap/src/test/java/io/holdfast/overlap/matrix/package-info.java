/** The overlap matrix: every kind of worker under every fault, and what its turns show about it. */
@NullMarked
package io.holdfast.overlap.matrix;

import org.jspecify.annotations.NullMarked;
