/** The client as a lock provider of ShedLock. */
@NullMarked
package io.holdfast.shedlock;

import org.jspecify.annotations.NullMarked;
