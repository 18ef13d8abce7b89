/** What clients of an ensemble did and were told, and whether it agrees with what the service promises. */
@NullMarked
package io.holdfast.ensemble.history;

import org.jspecify.annotations.NullMarked;
