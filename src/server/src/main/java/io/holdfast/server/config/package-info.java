/** Everything an operator can set, in one documented tree, and how it becomes the settings of the rooms below. */
@NullMarked
package io.holdfast.server.config;

import org.jspecify.annotations.NullMarked;
