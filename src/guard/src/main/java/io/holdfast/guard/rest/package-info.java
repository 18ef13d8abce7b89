/** The fence at the door of REST resources, for any implementation of JAX-RS 3.1. */
@NullMarked
package io.holdfast.guard.rest;

import org.jspecify.annotations.NullMarked;
