/** How the node's log speaks to operators of what happens often while it happens. */
@NullMarked
package io.holdfast.server.log;

import org.jspecify.annotations.NullMarked;
