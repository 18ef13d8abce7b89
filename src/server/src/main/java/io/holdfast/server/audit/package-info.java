/** The record of what was asked of this node: by which principal, and what became of it. */
@NullMarked
package io.holdfast.server.audit;

import org.jspecify.annotations.NullMarked;
