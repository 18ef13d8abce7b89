package io.holdfast.server.caller;

import io.holdfast.server.tls.ClientSide;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * Reads callers off the certificates that clients prove at their handshake. That the chain is good is the handshake's
 * work; whose certificate it is, and whether it still lives, is decided here.
 */
final class ClientCertificates {

    private static final int URI = 6;
    private static final int DNS = 2;
    private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";
    private static final String KEPT = "io.holdfast.caller";

    /** Says why a certificate that was good at its handshake is good no more; null when it still is. */
    interface Objection {
        @Nullable
        String to(List<X509Certificate> chain);

        /** Returns whether the certificate is this node's own, which makes no caller. */
        default boolean isOwn(List<X509Certificate> chain) {
            return false;
        }
    }

    private record Shown(List<X509Certificate> chain, Caller caller) {}

    private ClientCertificates() {}

    /**
     * Returns the caller of a connection; null when its client showed no certificate, or is this node itself. It is
     * read once and hangs on the session.
     *
     * @throws Denied when the certificate names none, has expired or was revoked
     */
    static @Nullable Caller caller(SSLSession session, Objection objection, long millis) {
        Shown shown;
        if (session.getValue(KEPT) instanceof Shown known) {
            shown = known;
        } else {
            List<X509Certificate> chain = ClientSide.chain(session);
            if (chain.isEmpty() || objection.isOwn(chain)) {
                return null;
            }
            shown = new Shown(chain, caller(chain.get(0)));
            session.putValue(KEPT, shown);
        }
        if (millis >= shown.caller.until()) {
            throw Denied.unauthenticated("The client certificate has expired; connect with a new one.");
        }
        String against = objection.to(shown.chain);
        if (against != null) {
            throw Denied.unauthenticated("The client certificate is good no more: " + against);
        }
        return shown.caller;
    }

    /** Returns the caller of a certificate: its first URI, else its first DNS name, else its subject. */
    static Caller caller(X509Certificate certificate) {
        String name;
        List<String> groups = new ArrayList<>();
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            if (usages != null && !usages.contains(CLIENT_USAGE)) {
                throw Denied.unauthenticated("The certificate is not for clients: it lacks the usage clientAuth.");
            }
            name = first(certificate, URI);
            if (name == null) {
                name = first(certificate, DNS);
            }
            String subject = certificate.getSubjectX500Principal().getName();
            if (name == null) {
                name = subject;
            }
            for (Rdn part : new LdapName(subject).getRdns()) {
                if (part.getType().equalsIgnoreCase("O")
                        && part.getValue() instanceof String group
                        && Principals.isName(group)) {
                    groups.add("cert:" + group);
                }
            }
        } catch (CertificateParsingException | InvalidNameException e) {
            throw Denied.unauthenticated("The names in the client certificate cannot be read.");
        }
        if (!Principals.isName(name)) {
            throw Denied.unauthenticated(
                    "The name in the client certificate must be 1 to 255 printable characters of ASCII.");
        }
        long until = certificate.getNotAfter().toInstant().toEpochMilli();
        return new Caller(
                "cert:" + name,
                groups,
                Map.of(),
                until,
                certificate.getSerialNumber().toString(16));
    }

    private static @Nullable String first(X509Certificate certificate, int kind) throws CertificateParsingException {
        Collection<List<?>> names = certificate.getSubjectAlternativeNames();
        if (names == null) {
            return null;
        }
        for (List<?> name : names) {
            if (name.get(0) instanceof Integer type && type == kind && name.get(1) instanceof String text) {
                return text;
            }
        }
        return null;
    }
}
