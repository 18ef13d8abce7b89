/** Phase 2: a quorum adopts the leader's history. */
@NullMarked
package io.holdfast.zab.core.sync;

import org.jspecify.annotations.NullMarked;
