/** A whole cluster for tests: an API server, its controllers and a kubelet, without a container engine. */
@NullMarked
package io.holdfast.operator.paper;

import org.jspecify.annotations.NullMarked;
