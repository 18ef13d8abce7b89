package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/** A Secret of a cluster, whose data is files. It goes with its cluster. */
public final class SecretObject {

    private SecretObject() {}

    /** Returns the Secret. */
    public static Secret of(LockCluster cluster, String name, Map<String, String> files) {
        return new SecretBuilder()
                .withMetadata(Metadata.of(cluster, name, Labels.of(cluster, "tls")))
                .withType("Opaque")
                .withData(encoded(files))
                .build();
    }

    /** Returns files as the data of a Secret has them. */
    public static Map<String, String> encoded(Map<String, String> files) {
        var data = new TreeMap<String, String>();
        files.forEach((name, text) ->
                data.put(name, Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8))));
        return data;
    }

    /** Returns the files of a Secret; without those that are no text in Base64. */
    public static Map<String, String> files(Secret secret) {
        var files = new TreeMap<String, String>();
        if (secret.getData() != null) {
            secret.getData().forEach((name, text) -> {
                try {
                    files.put(name, new String(Base64.getDecoder().decode(text), StandardCharsets.UTF_8));
                } catch (IllegalArgumentException e) {
                    files.remove(name);
                }
            });
        }
        return files;
    }
}
