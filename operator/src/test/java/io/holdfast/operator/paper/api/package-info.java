/** An API server in memory: objects, revisions, watches, patches and selectors, as Kubernetes describes them. */
@NullMarked
package io.holdfast.operator.paper.api;

import org.jspecify.annotations.NullMarked;
