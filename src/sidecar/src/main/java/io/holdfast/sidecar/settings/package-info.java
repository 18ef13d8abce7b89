/** The settings of a sidecar, read from its environment and checked at its start. */
@NullMarked
package io.holdfast.sidecar.settings;

import org.jspecify.annotations.NullMarked;
