package io.holdfast.operator.look;

import io.holdfast.operator.tls.Authority;
import io.holdfast.operator.tls.Pem;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Trusts the node that is asked and no other: its certificate comes from one of the authorities, and names the member
 * that is expected at the address, or the host of its pod. Addresses are no names of certificates, since pods get
 * others all the time. Any thread.
 */
final class MemberTrust extends X509ExtendedTrustManager {

    private static final String MEMBER = "holdfast://";

    private final X509TrustManager chains;
    private final Map<String, Endpoint> expected = new ConcurrentHashMap<>();

    /**
     * Creates one.
     *
     * @param authorities as PEM
     * @throws GeneralSecurityException when they cannot be read
     */
    MemberTrust(String authorities) throws GeneralSecurityException {
        try {
            KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
            store.load(null, null);
            List<X509Certificate> all = Pem.certificates(authorities);
            if (all.isEmpty()) {
                throw new GeneralSecurityException("it is not known which authorities its certificate may come from");
            }
            for (int i = 0; i < all.size(); i++) {
                store.setCertificateEntry("authority-" + i, all.get(i));
            }
            TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
            factory.init(store);
            this.chains = (X509TrustManager) factory.getTrustManagers()[0];
        } catch (IOException e) {
            throw new GeneralSecurityException(e);
        }
    }

    /** Returns a context that uses it. */
    SSLContext context() throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {this}, null);
        return context;
    }

    /** Says what is at an address from now on. */
    void expect(Endpoint node) {
        expected.put(normal(node.ip()), node);
    }

    /** One text for all that an IPv6 address is written as; others have one only, and no name is looked up. */
    private static String normal(@Nullable String address) {
        if (address == null || address.indexOf(':') < 0) {
            return address == null ? "" : address;
        }
        try {
            return InetAddress.getByName(address).getHostAddress();
        } catch (UnknownHostException e) {
            return address;
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        chains.checkServerTrusted(chain, type);
        Endpoint node = expected.get(normal(engine.getPeerHost()));
        if (node == null) {
            throw new CertificateException("no member is expected at " + engine.getPeerHost());
        }
        check(node, chain[0]);
    }

    /** A URI of a member must be the only one and match; without one the host must. */
    static void check(Endpoint node, X509Certificate certificate) throws CertificateException {
        Set<String> names = Authority.namesOf(certificate);
        Set<String> members = names.stream()
                .filter(name ->
                        name.startsWith(MEMBER) || (name.startsWith("spiffe://") && name.contains("/holdfast/")))
                .collect(Collectors.toSet());
        Secured secured = node.secured();
        String path = node.clusterId() + "/member/" + node.node();
        boolean isIt = members.isEmpty()
                ? secured != null && names.contains(secured.host())
                : members.size() == 1
                        && members.stream()
                                .allMatch(name -> name.equals(MEMBER + path) || name.endsWith("/holdfast/" + path));
        if (!isIt) {
            throw new CertificateException(
                    "the certificate is for " + names + ", not for member " + node.node() + " of " + node.clusterId());
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("nodes are asked over engines");
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("it is not known which member is asked");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("there are no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("there are no clients");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("there are no clients");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return chains.getAcceptedIssuers();
    }
}
