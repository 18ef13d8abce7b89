package io.holdfast.operator.look;

import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Clients for nodes that are asked with TLS, one for each bundle of authorities, and the token that the operator shows
 * to nodes: only to those. Any thread.
 */
final class SecureClients {

    /** More clusters than that have a client made more often. */
    private static final int CLIENTS_MAX = 64;

    private static final int TOKEN_BYTES_MAX = 16 << 10;

    private final Supplier<HttpClient.Builder> builders;
    private final Optional<Path> tokenFile;
    private final Map<String, Client> clients = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Client> eldest) {
            return size() > CLIENTS_MAX;
        }
    };

    private record Client(HttpClient http, MemberTrust trust) {}

    /**
     * Creates it without a client.
     *
     * @param builders of clients that are like those without TLS but for that
     * @param tokenFile with the operator's own token
     */
    SecureClients(Supplier<HttpClient.Builder> builders, Optional<Path> tokenFile) {
        this.builders = builders;
        this.tokenFile = tokenFile;
    }

    /**
     * Returns a client that trusts a node.
     *
     * @throws GeneralSecurityException when the authorities cannot be read
     */
    synchronized HttpClient of(Endpoint node, Secured secured) throws GeneralSecurityException {
        // Those of two clusters may be the same: addresses are the nodes' of both.
        Client client = clients.get(secured.authorities());
        if (client == null) {
            MemberTrust trust = new MemberTrust(secured.authorities());
            client = new Client(builders.get().sslContext(trust.context()).build(), trust);
            clients.put(secured.authorities(), client);
        }
        client.trust().expect(node);
        return client.http();
    }

    /** Returns the operator's token as it is now; kubelets replace it long before it ends. */
    Optional<String> token() {
        return tokenFile.flatMap(SecureClients::read);
    }

    private static Optional<String> read(Path file) {
        try (var in = Files.newInputStream(file)) {
            String token =
                    new String(in.readNBytes(TOKEN_BYTES_MAX), java.nio.charset.StandardCharsets.US_ASCII).trim();
            return token.isEmpty() || !token.matches("[!-~]+") ? Optional.empty() : Optional.of(token);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
