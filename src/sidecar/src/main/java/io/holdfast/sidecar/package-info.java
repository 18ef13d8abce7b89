/** The leader-election sidecar: a program in any language asks it over loopback HTTP whether it leads. */
@NullMarked
package io.holdfast.sidecar;

import org.jspecify.annotations.NullMarked;
