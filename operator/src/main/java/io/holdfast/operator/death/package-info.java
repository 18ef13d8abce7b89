/**
 * Confirmed death: closes the sessions of pods that were seen dead before their ttl is over. What proves a death is a
 * function of what the API server showed; everything else is left to the ttl.
 */
@NullMarked
package io.holdfast.operator.death;

import org.jspecify.annotations.NullMarked;
