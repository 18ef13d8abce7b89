/**
 * Locks of a Holdfast ensemble for Java programs. The promise: work done under a lock has stopped before anyone else
 * can be granted it, and where stopping cannot be forced, the fencing token of the {@link io.holdfast.client.Lease}
 * keeps the late write out.
 *
 * <p>All types are for any thread unless they say otherwise; durations are to the millisecond.
 */
@NullMarked
package io.holdfast.client;

import org.jspecify.annotations.NullMarked;
