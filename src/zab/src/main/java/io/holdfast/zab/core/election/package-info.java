/** Phase 0: fast leader election, whose result is a hint that discovery checks. */
@NullMarked
package io.holdfast.zab.core.election;

import org.jspecify.annotations.NullMarked;
