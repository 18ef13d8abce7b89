package io.holdfast.sidecar.settings;

import io.holdfast.client.ClientBuilder;
import io.holdfast.client.Credential;
import io.holdfast.client.TlsFiles;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How the ensemble is trusted, and how it knows this sidecar. All are read again when they change.
 *
 * @param ca certificates of the authorities, PEM
 * @param cert own certificate with its chain, PEM
 * @param key its private key, PEM of PKCS #8
 * @param auth file with a bearer token
 */
public record SecurityFiles(Optional<Path> ca, Optional<Path> cert, Optional<Path> key, Optional<Path> auth) {

    static SecurityFiles read(Environment environment) {
        SecurityFiles files = new SecurityFiles(
                environment.file("HOLDFAST_CA_FILE"),
                environment.file("HOLDFAST_CERT_FILE"),
                environment.file("HOLDFAST_KEY_FILE"),
                environment.file("HOLDFAST_AUTH_FILE"));
        if (files.cert.isPresent() != files.key.isPresent()) {
            String missing = files.cert.isPresent() ? "HOLDFAST_KEY_FILE" : "HOLDFAST_CERT_FILE";
            throw new BadSettingException(missing, "is missing: certificate and key are set together");
        }
        return files;
    }

    /**
     * Gives a client what it needs of them.
     *
     * @throws BadSettingException when a file has not what it should have
     */
    void apply(ClientBuilder builder) {
        if (ca.isPresent() || cert.isPresent()) {
            TlsFiles files = new TlsFiles(ca.orElse(null), cert.orElse(null), key.orElse(null));
            Environment.accepted(
                    cert.isPresent() ? "HOLDFAST_CERT_FILE" : "HOLDFAST_CA_FILE", () -> builder.tls(files));
        }
        auth.ifPresent(
                file -> Environment.accepted("HOLDFAST_AUTH_FILE", () -> builder.credential(Credential.file(file))));
    }
}
