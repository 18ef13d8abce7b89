package io.holdfast.operator.inject;

import io.holdfast.operator.tls.Authority;
import io.holdfast.operator.tls.Issued;
import io.holdfast.operator.tls.Pem;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The webhook's certificate and the authority that signed it, all as PEM. The authority stays for its ten years, so the
 * {@code caBundle} never changes while a certificate does.
 *
 * @param authority certificate of the authority
 * @param authorityKey its key
 * @param certificate what the webhook shows
 * @param key its key
 */
record WebhookCertificate(String authority, String authorityKey, String certificate, String key) {

    static final Duration LIFE = Duration.ofDays(90);
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

    /** Makes an authority and a certificate for the names of a host. */
    static WebhookCertificate make(List<String> names, Instant now) {
        Authority made = Authority.make("holdfast-injector authority", AUTHORITY_LIFE, now);
        return new WebhookCertificate(made.certificate(), made.key(), "", "").renew(names, now);
    }

    /** Makes another certificate by the same authority. */
    WebhookCertificate renew(List<String> names, Instant now) {
        Issued issued = new Authority(authority, authorityKey)
                .issue(new Authority.Request("holdfast-injector", List.of(), names, false), LIFE, now);
        return new WebhookCertificate(authority, authorityKey, issued.certificate(), issued.key());
    }

    /**
     * Whether another one is due: two thirds of its time are over, or it is not for these names.
     *
     * @throws IllegalArgumentException if one of the four texts is none of its kind, or they do not belong together
     */
    boolean isDue(List<String> names, Instant now) {
        X509Certificate leaf = checked();
        return Authority.isDue(leaf, now) || !Authority.namesOf(leaf).containsAll(names);
    }

    /** When the certificate ends. */
    Instant ends() {
        return checked().getNotAfter().toInstant();
    }

    private X509Certificate checked() {
        try {
            X509Certificate leaf = Pem.certificate(certificate);
            leaf.verify(Pem.certificate(authority).getPublicKey());
            Pem.privateKey(authorityKey);
            Pem.privateKey(key);
            return leaf;
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new IllegalArgumentException("what it has is no certificate with key and authority", e);
        }
    }
}
