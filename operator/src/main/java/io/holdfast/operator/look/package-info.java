/** Asks the API server for objects and the service for members, each time anew. */
@NullMarked
package io.holdfast.operator.look;

import org.jspecify.annotations.NullMarked;
