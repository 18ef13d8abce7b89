package io.holdfast.client.internal;

import io.holdfast.client.TlsFiles;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A TLS context of PEM files, whose connections are made with what the files say then. Any thread. */
final class FileSslContext extends DelegatedSsl {

    private static final char[] NO_PASSWORD = new char[0];

    private final WatchedFiles<SSLContext> watched;

    private FileSslContext(WatchedFiles<SSLContext> watched) {
        this.watched = watched;
    }

    /**
     * Reads the files.
     *
     * @throws IllegalArgumentException when one is not what it must be; names it
     */
    static SSLContext of(TlsFiles files, TimeSource time) {
        List<Path> paths = new ArrayList<>();
        Path ca = files.ca();
        Path certificate = files.certificate();
        Path key = files.key();
        if (ca != null) {
            paths.add(ca);
        }
        if (certificate != null && key != null) {
            paths.add(certificate);
            paths.add(key);
        }
        FileSslContext spi = new FileSslContext(new WatchedFiles<>(paths, content -> make(files, content), time));
        return asContext(spi, spi.context());
    }

    @Override
    SSLContext context() {
        return watched.get(false);
    }

    @Override
    SSLContext context(boolean anew) {
        return watched.get(anew);
    }

    private static SSLContext make(TlsFiles files, List<byte[]> content) {
        List<byte[]> left = new ArrayList<>(content);
        Path ca = files.ca();
        Path certificate = files.certificate();
        Path key = files.key();
        try {
            TrustManager[] trust = ca == null ? null : trust(Pem.certificates(ca, left.remove(0)));
            KeyManager[] keys = certificate == null || key == null
                    ? null
                    : keys(certificate, Pem.certificates(certificate, left.get(0)), key, left.get(1));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys, trust, null);
            return context;
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalArgumentException("no TLS with " + files + ": " + e.getMessage(), e);
        }
    }

    private static TrustManager[] trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, java.io.IOException {
        KeyStore store = emptyStore();
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("ca-" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager[] keys(Path chainFile, List<X509Certificate> chain, Path keyFile, byte[] keyContent)
            throws GeneralSecurityException, java.io.IOException {
        PrivateKey key = Pem.privateKey(keyFile, keyContent);
        if (!Pem.belong(key, chain.get(0).getPublicKey())) {
            throw new IllegalArgumentException(
                    "the key in " + keyFile + " is not that of the first certificate in " + chainFile);
        }
        KeyStore store = emptyStore();
        store.setKeyEntry("client", key, NO_PASSWORD, chain.toArray(Certificate[]::new));
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, java.io.IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load((java.security.KeyStore.@Nullable LoadStoreParameter) null);
        return store;
    }
}
