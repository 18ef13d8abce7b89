package io.holdfast.server.tls;

import io.holdfast.zab.tls.TlsMaterial;
import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Checks the certificates of clients with the newest authorities and lists of revoked ones. This node's own certificate
 * is good, too: with it the node asks itself. For any thread.
 */
final class CurrentTrust extends X509ExtendedTrustManager {

    private final Supplier<TlsMaterial> newest;

    CurrentTrust(Supplier<TlsMaterial> newest) {
        this.newest = newest;
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        TlsMaterial now = newest.get();
        if (isOwn(now, chain)) {
            return;
        }
        now.trust().checkClientTrusted(chain, type);
        check(now, chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkClientTrusted(chain, type);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        TlsMaterial now = newest.get();
        if (isOwn(now, chain)) {
            return;
        }
        now.trust().checkClientTrusted(chain, type, engine);
        check(now, chain);
    }

    private static boolean isOwn(TlsMaterial now, X509Certificate[] chain) {
        return chain.length > 0 && chain[0].equals(now.certificate());
    }

    private static void check(TlsMaterial now, X509Certificate[] chain) throws CertificateException {
        String objection = now.objection(List.of(chain), System.currentTimeMillis());
        if (objection != null) {
            throw new CertificateException("the client's certificate " + objection);
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this node is the server");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        checkServerTrusted(chain, type);
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return newest.get().trust().getAcceptedIssuers();
    }
}
