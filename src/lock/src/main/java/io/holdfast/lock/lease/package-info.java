/** The leader's lease clock: when sessions and waits end, which is never replicated (protocol.md#leases). */
@NullMarked
package io.holdfast.lock.lease;

import org.jspecify.annotations.NullMarked;
