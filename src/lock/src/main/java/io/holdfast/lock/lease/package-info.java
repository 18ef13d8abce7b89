/** The leader's lease clock: when sessions and waits end, which is never replicated (zab.md 2.12). */
@NullMarked
package io.holdfast.lock.lease;

import org.jspecify.annotations.NullMarked;
