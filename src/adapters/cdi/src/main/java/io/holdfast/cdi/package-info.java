/**
 * Holdfast for applications with CDI: an injected client, locks by annotation, and methods that only the leader runs.
 *
 * <p>It needs CDI 4.1 (interceptors 2.2) and MicroProfile Config. Mutiny and Vert.x are used where they are.
 */
@NullMarked
package io.holdfast.cdi;

import org.jspecify.annotations.NullMarked;
