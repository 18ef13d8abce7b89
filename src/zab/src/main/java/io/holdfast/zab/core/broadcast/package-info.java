/** Phase 3: proposals, acknowledgements, commits, heartbeats and confirmed reads. */
@NullMarked
package io.holdfast.zab.core.broadcast;

import org.jspecify.annotations.NullMarked;
