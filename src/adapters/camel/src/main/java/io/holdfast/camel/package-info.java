/**
 * Holdfast as the cluster service of Apache Camel: an election for each namespace, for clustered route policies and the
 * master component.
 */
@NullMarked
package io.holdfast.camel;

import org.jspecify.annotations.NullMarked;
