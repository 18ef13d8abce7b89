package io.holdfast.operator.tls;

/**
 * A certificate with its private key, both as PEM.
 *
 * @param certificate the certificate
 * @param key its key
 */
public record Issued(String certificate, String key) {

    @Override
    public String toString() {
        return "Issued[certificate=" + certificate + "]";
    }
}
