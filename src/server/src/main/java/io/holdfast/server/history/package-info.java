/** What was committed lately, as one node keeps it for readers: bounded, numbered by revision, encoded once. */
@NullMarked
package io.holdfast.server.history;

import org.jspecify.annotations.NullMarked;
