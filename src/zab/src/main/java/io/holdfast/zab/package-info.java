/** The zab room. */
@NullMarked
package io.holdfast.zab;

import org.jspecify.annotations.NullMarked;
