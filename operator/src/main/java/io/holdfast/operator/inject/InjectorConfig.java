package io.holdfast.operator.inject;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.Optional;

/** Settings of the role {@code injector}. */
@ConfigMapping(prefix = "holdfast.injector")
public interface InjectorConfig {

    /** Image of the sidecar that is injected; required in this role. */
    Optional<String> sidecarImage();

    /**
     * Where the webhook's certificate comes from: {@code self-made} keeps an own one in a Secret, writes it to the
     * files of {@code quarkus.http.ssl.certificate} and its authority to the webhook's {@code caBundle};
     * {@code mounted} leaves all of that to others.
     */
    @WithDefault("self-made")
    String certificate();

    /** Name of the Service in front of the webhook, which the certificate names. */
    @WithDefault("holdfast-injector")
    String service();

    /** Name of the Secret with the self-made certificate. */
    @WithDefault("holdfast-injector-tls")
    String secret();

    /** Name of the {@code MutatingWebhookConfiguration}. */
    @WithDefault("holdfast-injector")
    String webhook();
}
