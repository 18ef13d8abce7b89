package io.holdfast.operator.paper.api;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.holdfast.operator.manifests.Repository;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.List;

/** What is on an API server before a test begins. */
public final class Setup {

    private Setup() {}

    /** Makes a namespace. */
    public static void namespace(KubernetesClient client, String name) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .build())
                .create();
    }

    /** Applies the definitions that each pass needs, and makes the namespace {@code shop}. */
    public static void shop(KubernetesClient client) throws IOException {
        for (String kind : List.of("lockclusters", "lockobservers", "lockpolicies")) {
            try (InputStream definition =
                    Files.newInputStream(Repository.file("k8s/crds/holdfast.dev_" + kind + ".yaml"))) {
                client.load(definition).create();
            }
        }
        namespace(client, "shop");
    }
}
