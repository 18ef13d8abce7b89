package io.holdfast.server.tls;

import io.holdfast.server.config.TlsConfig;
import io.holdfast.server.config.TlsConfig.ClientCertificates;
import io.holdfast.zab.tls.TlsFiles;
import io.holdfast.zab.tls.TlsMaterial;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientAuth;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.core.net.TrustOptions;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that this node shows to clients, and what it asks of theirs. The server beneath is told once, at the
 * start: what it is given shows and trusts the newest files by itself, so that a change of files touches nothing else
 * of its settings (decision 0062).
 */
public final class ClientSide {

    private static final int HANDSHAKE_SECONDS = 5;
    private static final Set<String> VERSIONS = Set.of("TLSv1.3", "TLSv1.2");

    private final Vertx vertx;
    private final TlsConfig settings;
    private final @Nullable WatchedFiles files;
    private volatile @Nullable CurrentKeys keys;

    ClientSide(Vertx vertx, TlsConfig settings) {
        this.vertx = vertx;
        this.settings = settings;
        this.files = settings.mode() == TlsConfig.Mode.OFF
                ? null
                : new WatchedFiles("clients", "holdfast.tls.", "client-ca", TlsMaterial::checkServes);
    }

    /** Returns the certificates that a client has shown, its own first; empty when it has shown none. */
    public static List<X509Certificate> chain(@Nullable SSLSession session) {
        if (session == null) {
            return List.of();
        }
        try {
            return List.of(session.getPeerCertificates()).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
        } catch (SSLPeerUnverifiedException e) {
            return List.of();
        }
    }

    void begin() {
        WatchedFiles watched = files;
        if (watched == null) {
            return;
        }
        boolean asks = settings.clientCertificates() != ClientCertificates.NONE;
        Path authorities =
                asks ? watched.needed("client-ca", settings.clientCa(), settings.clientCertificates()) : null;
        TlsFiles named = new TlsFiles(
                watched.needed("certificate", settings.certificate(), settings.mode()),
                watched.needed("key", settings.key(), settings.mode()),
                authorities,
                asks ? settings.crl().orElse(null) : null);
        keys = new CurrentKeys(watched.begin(vertx, named));
    }

    void look() {
        CurrentKeys current = keys;
        if (files != null && current != null) {
            files.look(vertx, current::replace);
        }
    }

    void secure(HttpServerOptions options) {
        CurrentKeys current = keys;
        if (current == null) {
            return;
        }
        options.setKeyCertOptions(KeyCertOptions.wrap(current));
        options.setEnabledSecureTransportProtocols(VERSIONS);
        options.setSslHandshakeTimeout(HANDSHAKE_SECONDS).setSslHandshakeTimeoutUnit(TimeUnit.SECONDS);
        options.setClientAuth(
                switch (settings.clientCertificates()) {
                    case NONE -> ClientAuth.NONE;
                    case OPTIONAL -> ClientAuth.REQUEST;
                    case REQUIRED -> ClientAuth.REQUIRED;
                });
        if (settings.clientCertificates() != ClientCertificates.NONE) {
            options.setTrustOptions(TrustOptions.wrap(new CurrentTrust(current::newest)));
        }
    }

    @Nullable
    String objection(List<X509Certificate> chain) {
        CurrentKeys current = keys;
        return current == null ? null : current.newest().objection(chain, System.currentTimeMillis());
    }

    /** Returns whether a client has shown this node's own certificate, which makes it no caller. */
    boolean isOwn(List<X509Certificate> chain) {
        CurrentKeys current = keys;
        return current != null && !chain.isEmpty() && current.isOwn(chain.get(0));
    }

    @Nullable
    SSLContext toItself() {
        CurrentKeys current = keys;
        if (current == null) {
            return null;
        }
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    new KeyManager[] {current},
                    new TrustManager[] {new OwnTrust(() -> current.newest().certificate())},
                    null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("TLS of this Java cannot be used: " + e.getMessage(), e);
        }
    }

    @Nullable
    WatchedFiles files() {
        return files;
    }
}
