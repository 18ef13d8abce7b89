package io.holdfast.operator.inject;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the webhook's certificate in a Secret that all replicas share, in the files that the HTTP server reads, and its
 * authority in the webhook's {@code caBundle}. Each call of {@link #keep} may be the first one, and two replicas may
 * call at once: the Secret is created or replaced by one of them, and read by the other. One thread at a time.
 */
final class CertificateKeeper {

    private static final Logger LOG = Logger.getLogger(CertificateKeeper.class);
    private static final String AUTHORITY = "ca.crt";
    private static final String AUTHORITY_KEY = "ca.key";
    private static final String CERTIFICATE = "tls.crt";
    private static final String KEY = "tls.key";
    private static final int CONFLICT = 409;

    private final KubernetesClient client;
    private final Place place;

    /**
     * Where things are.
     *
     * @param namespace of the Secret and the Service
     * @param secret name of the Secret
     * @param webhook name of the webhook's configuration
     * @param names that the certificate is for
     * @param certificateFile that the HTTP server reads
     * @param keyFile that the HTTP server reads
     */
    record Place(
            String namespace, String secret, String webhook, List<String> names, Path certificateFile, Path keyFile) {}

    CertificateKeeper(KubernetesClient client, Place place) {
        this.client = client;
        this.place = place;
    }

    /**
     * Makes or renews the certificate if that is due, and brings it to where it is used.
     *
     * @return when the certificate ends
     * @throws KubernetesClientException if the API server refuses or does not answer
     * @throws IllegalStateException with one line, if the Secret or the files cannot be used
     */
    Instant keep(Instant now) {
        WebhookCertificate certificate = current(now);
        // First what is trusted, then what is shown.
        trust(certificate.authority());
        try {
            write(place.keyFile(), certificate.key());
            write(place.certificateFile(), certificate.certificate());
        } catch (IOException e) {
            throw new IllegalStateException(
                    place.certificateFile() + " and " + place.keyFile() + " cannot be written (" + e.getMessage()
                            + "): mount an emptyDir there that user 10001 may write",
                    e);
        }
        return certificate.ends();
    }

    private WebhookCertificate current(Instant now) {
        Secret found = read();
        if (found == null) {
            try {
                client.resource(secret(WebhookCertificate.make(place.names(), now), null))
                        .create();
                LOG.infof("made a certificate for %s in Secret %s", place.names(), place.secret());
            } catch (KubernetesClientException e) {
                rethrowUnlessConflict(e);
            }
            found = read();
        }
        if (found == null) {
            throw new IllegalStateException("Secret " + place.secret() + " is gone again: what deletes it?");
        }
        WebhookCertificate certificate = parse(found);
        if (!isDue(certificate, now)) {
            return certificate;
        }
        WebhookCertificate next = certificate.renew(place.names(), now);
        try {
            client.resource(secret(next, found.getMetadata().getResourceVersion()))
                    .update();
            LOG.infof("renewed the certificate for %s in Secret %s", place.names(), place.secret());
            return next;
        } catch (KubernetesClientException e) {
            rethrowUnlessConflict(e);
            // Another replica was first: what it wrote is read the next time, and the present one is still valid.
            return certificate;
        }
    }

    private boolean isDue(WebhookCertificate certificate, Instant now) {
        try {
            return certificate.isDue(place.names(), now);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException(
                    "Secret " + place.secret() + ": " + e.getMessage() + ": delete it, and another one is made", e);
        }
    }

    private @Nullable Secret read() {
        return client.secrets()
                .inNamespace(place.namespace())
                .withName(place.secret())
                .get();
    }

    private Secret secret(WebhookCertificate certificate, @Nullable String resourceVersion) {
        return new SecretBuilder()
                .withNewMetadata()
                .withNamespace(place.namespace())
                .withName(place.secret())
                .withResourceVersion(resourceVersion)
                .withLabels(
                        Map.of("app.kubernetes.io/name", "holdfast-injector", "app.kubernetes.io/part-of", "holdfast"))
                .endMetadata()
                .withType("kubernetes.io/tls")
                .withData(Map.of(
                        AUTHORITY, encode(certificate.authority()),
                        AUTHORITY_KEY, encode(certificate.authorityKey()),
                        CERTIFICATE, encode(certificate.certificate()),
                        KEY, encode(certificate.key())))
                .build();
    }

    private static WebhookCertificate parse(Secret secret) {
        return new WebhookCertificate(
                decode(secret, AUTHORITY),
                decode(secret, AUTHORITY_KEY),
                decode(secret, CERTIFICATE),
                decode(secret, KEY));
    }

    private void trust(String authority) {
        var resource = client.admissionRegistration()
                .v1()
                .mutatingWebhookConfigurations()
                .withName(place.webhook());
        var present = resource.get();
        if (present == null || present.getWebhooks().isEmpty()) {
            throw new IllegalStateException(
                    "there is no MutatingWebhookConfiguration " + place.webhook() + ": apply k8s/components/injector");
        }
        String bundle = encode(authority);
        var hook = present.getWebhooks().get(0);
        if (bundle.equals(hook.getClientConfig().getCaBundle())) {
            return;
        }
        // The test: what is first in the list is what was looked at.
        resource.patch(
                PatchContext.of(PatchType.JSON),
                "[{\"op\":\"test\",\"path\":\"/webhooks/0/name\",\"value\":\"" + hook.getName() + "\"},"
                        + "{\"op\":\"add\",\"path\":\"/webhooks/0/clientConfig/caBundle\",\"value\":\"" + bundle
                        + "\"}]");
        LOG.infof("wrote the caBundle of MutatingWebhookConfiguration %s", place.webhook());
    }

    private static void write(Path file, String text) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        Path directory = Optional.ofNullable(file.getParent()).orElse(Path.of("."));
        Path next = Files.createTempFile(
                directory,
                ".next",
                "",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void rethrowUnlessConflict(KubernetesClientException e) {
        if (e.getCode() != CONFLICT) {
            throw e;
        }
    }

    private static String encode(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String decode(Secret secret, String key) {
        Map<String, String> data = secret.getData();
        String value = data == null ? "" : data.getOrDefault(key, "");
        try {
            return new String(Base64.getDecoder().decode(value), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }
}
