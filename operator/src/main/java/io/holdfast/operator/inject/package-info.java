/**
 * The injector: a webhook that puts the sidecar for leader election into pods that ask for it by annotation. It grants
 * no rights, and a pod is made even if it does not answer.
 */
@NullMarked
package io.holdfast.operator.inject;

import org.jspecify.annotations.NullMarked;
