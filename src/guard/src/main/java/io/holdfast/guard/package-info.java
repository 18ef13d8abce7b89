/**
 * Fencing at the resource: a write that carries a fencing token is refused once a higher token was seen. In memory for
 * one process; the packages beside this one do the same at the door of a REST resource and inside a transaction of a
 * database.
 */
@NullMarked
package io.holdfast.guard;

import org.jspecify.annotations.NullMarked;
