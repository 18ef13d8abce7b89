package io.holdfast.operator;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Makes the client of the API server, as the platform would make it, with its requests counted. */
@ApplicationScoped
class ApiClient {

    @Produces
    @Singleton
    KubernetesClient client(Config config, KubernetesSerialization serialization, MeterRegistry registry) {
        return counted(new KubernetesClientBuilder().withKubernetesSerialization(serialization), config, registry);
    }

    void close(@Disposes KubernetesClient client) {
        client.close();
    }

    static KubernetesClient counted(KubernetesClientBuilder builder, Config config, MeterRegistry registry) {
        return builder.withConfig(config)
                .withHttpClientBuilderConsumer(
                        http -> http.addOrReplaceInterceptor("holdfast-requests", new ApiRequests(registry)))
                .build();
    }
}
