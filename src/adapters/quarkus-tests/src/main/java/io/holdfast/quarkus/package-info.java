/** An application as the guide shows it; its jobs note what they do in one file, which the tests read. */
@NullMarked
package io.holdfast.quarkus;

import org.jspecify.annotations.NullMarked;
