/** Streams of what was committed, to readers that may be slow, gone, or late by more than is kept. */
@NullMarked
package io.holdfast.server.stream;

import org.jspecify.annotations.NullMarked;
