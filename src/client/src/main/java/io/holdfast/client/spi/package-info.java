/** What a program may replace or watch: how requests travel, and what the client does. */
@NullMarked
package io.holdfast.client.spi;

import org.jspecify.annotations.NullMarked;
