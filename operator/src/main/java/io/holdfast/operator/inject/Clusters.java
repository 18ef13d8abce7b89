package io.holdfast.operator.inject;

import java.util.List;

/** The clusters that the API server has. */
@FunctionalInterface
public interface Clusters {

    /**
     * Names of the clusters of a namespace in order, two of them at most.
     *
     * @throws RuntimeException if the API server does not answer in time
     */
    List<String> of(String namespace);
}
