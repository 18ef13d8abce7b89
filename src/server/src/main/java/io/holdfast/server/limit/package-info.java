/** How much of this node one principal may use. */
@NullMarked
package io.holdfast.server.limit;

import org.jspecify.annotations.NullMarked;
