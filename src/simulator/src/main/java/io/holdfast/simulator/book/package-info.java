/** The locks as committed changes tell of them, kept in the plainest way, and the rules that they are measured by. */
@NullMarked
package io.holdfast.simulator.book;

import org.jspecify.annotations.NullMarked;
