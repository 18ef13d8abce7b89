/** What a sidecar calls when its leadership begins and when it must end. */
@NullMarked
package io.holdfast.sidecar.hook;

import org.jspecify.annotations.NullMarked;
