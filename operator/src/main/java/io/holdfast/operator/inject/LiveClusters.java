package io.holdfast.operator.inject;

import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;

/** Asks the API server for clusters, within the time that a webhook has. */
@ApplicationScoped
class LiveClusters implements Clusters {

    private static final int TIMEOUT_MILLIS = 1000;
    private static final ResourceDefinitionContext KIND = new ResourceDefinitionContext.Builder()
            .withGroup("holdfast.dev")
            .withVersion("v1alpha1")
            .withKind("LockCluster")
            .withPlural("lockclusters")
            .withNamespaced(true)
            .build();

    private final KubernetesClient client;

    LiveClusters(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public List<String> of(String namespace) {
        return client
                .newClient(new RequestConfigBuilder()
                        .withRequestTimeout(TIMEOUT_MILLIS)
                        .withRequestRetryBackoffLimit(0)
                        .build())
                .adapt(KubernetesClient.class)
                .genericKubernetesResources(KIND)
                .inNamespace(namespace)
                .list(new ListOptionsBuilder().withLimit(2L).build())
                .getItems()
                .stream()
                .map(cluster -> cluster.getMetadata().getName())
                .sorted()
                .limit(2)
                .toList();
    }
}
