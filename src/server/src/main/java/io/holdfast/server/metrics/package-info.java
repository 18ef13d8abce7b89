/** What a node measures, as Micrometer meters under {@code holdfast_}. */
@NullMarked
package io.holdfast.server.metrics;

import org.jspecify.annotations.NullMarked;
