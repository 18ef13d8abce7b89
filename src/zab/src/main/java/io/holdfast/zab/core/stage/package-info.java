/** What every role and phase has in common, and the only ways from one to another. */
@NullMarked
package io.holdfast.zab.core.stage;

import org.jspecify.annotations.NullMarked;
