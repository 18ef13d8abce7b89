/** How a sidecar directs traffic to the leader; nothing here can disturb the election. */
@NullMarked
package io.holdfast.sidecar.kubernetes;

import org.jspecify.annotations.NullMarked;
