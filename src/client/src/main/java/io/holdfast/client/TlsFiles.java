package io.holdfast.client;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * PEM files for {@code https}. They are looked at every 10 s at most, when a connection is made; connections from then
 * on use what they say now. What cannot be read keeps what was read last, and is logged.
 *
 * @param ca certificates of the authorities that nodes are trusted by; null for the platform's
 * @param certificate this client's certificate, then those that sign it; null for none
 * @param key its private key: PKCS#8, RSA or EC, not encrypted; null without a certificate
 */
public record TlsFiles(
        @Nullable Path ca,
        @Nullable Path certificate,
        @Nullable Path key) {

    /** Checks that a certificate has a key. */
    public TlsFiles {
        if ((certificate == null) != (key == null)) {
            throw new IllegalArgumentException("a certificate and its key are given together, or neither");
        }
    }

    /** Trusts these authorities, and presents no certificate. */
    public static TlsFiles trusting(Path ca) {
        return new TlsFiles(ca, null, null);
    }

    /** The same with a certificate of this client. */
    public TlsFiles presenting(Path chain, Path privateKey) {
        return new TlsFiles(ca, chain, privateKey);
    }
}
