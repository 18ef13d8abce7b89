/** Measures whole ensembles, Holdfast's and others', with one load generator on one machine in one run. */
@NullMarked
package io.holdfast.bench;

import org.jspecify.annotations.NullMarked;
