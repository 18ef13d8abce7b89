/** Phase 1: a quorum promises a new epoch and tells its histories. */
@NullMarked
package io.holdfast.zab.core.discovery;

import org.jspecify.annotations.NullMarked;
