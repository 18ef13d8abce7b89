package io.holdfast.server.tls;

import io.holdfast.zab.tls.TlsMaterial;
import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Function;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Presents the newest certificate to each client, so that the server beneath it needs to know nothing of new files. A
 * handshake asks for an alias first and for its key later: the alias names the material that it is of, and the material
 * before the newest is kept for that. For any thread.
 */
final class CurrentKeys extends X509ExtendedKeyManager {

    private static final char MARK = '/';

    /** The newest first; two at most. */
    private volatile List<TlsMaterial> materials;

    CurrentKeys(TlsMaterial first) {
        this.materials = List.of(first);
    }

    void replace(TlsMaterial next) {
        materials = List.of(next, materials.get(0));
    }

    /** Returns what handshakes that begin now use. */
    TlsMaterial newest() {
        return materials.get(0);
    }

    /** Returns whether a certificate is this node's own, or was before the files changed last. */
    boolean isOwn(X509Certificate certificate) {
        return materials.stream().anyMatch(material -> certificate.equals(material.certificate()));
    }

    private static @Nullable String marked(TlsMaterial material, @Nullable String alias) {
        return alias == null ? null : material.fingerprint() + MARK + alias;
    }

    private <T> @Nullable T of(String marked, Function<String, Function<X509ExtendedKeyManager, @Nullable T>> what) {
        int end = marked.indexOf(MARK);
        for (TlsMaterial material : materials) {
            if (end >= 0 && material.fingerprint().equals(marked.substring(0, end))) {
                return what.apply(marked.substring(end + 1)).apply(material.keys());
            }
        }
        return null;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        return this.<X509Certificate[]>of(alias, own -> keys -> keys.getCertificateChain(own));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        return this.<PrivateKey>of(alias, own -> keys -> keys.getPrivateKey(own));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(String type, Principal @Nullable [] issuers, SSLEngine engine) {
        TlsMaterial now = newest();
        return marked(now, now.keys().chooseEngineServerAlias(type, issuers, engine));
    }

    @Override
    public @Nullable String chooseServerAlias(String type, Principal @Nullable [] issuers, Socket socket) {
        TlsMaterial now = newest();
        return marked(now, now.keys().chooseServerAlias(type, issuers, socket));
    }

    /** Of any issuer: only this node asks with it, and asks itself. */
    @Override
    public @Nullable String chooseEngineClientAlias(String[] types, Principal @Nullable [] issuers, SSLEngine engine) {
        TlsMaterial now = newest();
        return marked(now, now.keys().chooseEngineClientAlias(types, null, engine));
    }

    @Override
    public String @Nullable [] getServerAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String type, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(String[] types, Principal @Nullable [] issuers, Socket socket) {
        TlsMaterial now = newest();
        return marked(now, now.keys().chooseClientAlias(types, null, socket));
    }
}
