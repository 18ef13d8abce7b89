/** What a program may replace: how requests travel. */
@NullMarked
package io.holdfast.client.spi;

import org.jspecify.annotations.NullMarked;
