/** The probes of a node: whether it lives, whether it may be asked, whether it has started. */
@NullMarked
package io.holdfast.server.health;

import org.jspecify.annotations.NullMarked;
