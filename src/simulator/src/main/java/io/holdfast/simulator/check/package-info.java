/** What must hold in every run, one class for each invariant of zab.md 3.1 and 3.2, told of everything that happens. */
@NullMarked
package io.holdfast.simulator.check;

import org.jspecify.annotations.NullMarked;
