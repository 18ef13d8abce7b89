package io.holdfast.zab.net;

import io.holdfast.zab.core.ServerId;
import io.netty.util.NetUtil;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Says whether a certificate is of the member that the other end of a connection greets as. A function of the
 * certificate, the greeting and the configuration alone: no name service is asked, and what is absent is refused.
 *
 * <p>A certificate of a client that comes from the same authority is no peer's: it names no member.
 */
final class PeerIdentity {

    private static final String SERVER_USAGE = "1.3.6.1.5.5.7.3.1";
    private static final String CLIENT_USAGE = "1.3.6.1.5.5.7.3.2";
    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int IP = 7;

    private final String clusterId;
    private final boolean shared;

    /**
     * Makes one for an ensemble.
     *
     * @param shared whether all members have one certificate, so that it names none of them
     */
    PeerIdentity(String clusterId, boolean shared) {
        this.clusterId = clusterId;
        this.shared = shared;
    }

    /**
     * Returns why the certificate is not of that member; null when it is.
     *
     * @param host that the configuration has for the member; null when it is not known, so that only a URI counts
     */
    @Nullable
    String objection(X509Certificate certificate, ServerId member, @Nullable String host) {
        try {
            List<String> usages = certificate.getExtendedKeyUsage();
            if (usages == null || !usages.contains(SERVER_USAGE) || !usages.contains(CLIENT_USAGE)) {
                return "its certificate has not both usages, serverAuth and clientAuth";
            }
            if (shared) {
                return null;
            }
            List<String> identities = names(certificate, URI).stream()
                    .filter(PeerIdentity::isIdentity)
                    .toList();
            if (!identities.isEmpty()) {
                return byUri(identities, member);
            }
            return isFor(certificate, host) ? null : namesNot(member, host);
        } catch (CertificateParsingException e) {
            return "its certificate cannot be read";
        }
    }

    /** As {@link #objection}, of this member's own certificate: without a host any name of a host may be its own. */
    @Nullable
    String own(X509Certificate certificate, ServerId self, @Nullable String host) {
        String objection = objection(certificate, self, host);
        if (objection == null || host != null) {
            return objection;
        }
        try {
            boolean namesHosts = names(certificate, URI).stream().noneMatch(PeerIdentity::isIdentity)
                    && !(names(certificate, DNS).isEmpty()
                            && names(certificate, IP).isEmpty());
            return namesHosts && objection.equals(namesNot(self, null)) ? null : objection;
        } catch (CertificateParsingException e) {
            return objection;
        }
    }

    private static boolean isIdentity(String uri) {
        return uri.regionMatches(true, 0, "holdfast:", 0, 9) || uri.regionMatches(true, 0, "spiffe:", 0, 7);
    }

    private @Nullable String byUri(List<String> identities, ServerId member) {
        if (identities.size() > 1) {
            return "its certificate has " + identities.size() + " URIs that name members or services, not one";
        }
        String uri = identities.get(0);
        String path = clusterId + "/member/" + member;
        return uri.matches("(holdfast://|spiffe://[^/?#]+/holdfast/)" + Pattern.quote(path))
                ? null
                : "its certificate is of " + Printable.of(uri) + ", not of holdfast://" + path;
    }

    private String namesNot(ServerId member, @Nullable String host) {
        return "its certificate names neither holdfast://" + clusterId + "/member/" + member
                + (host == null ? "" : " nor the host " + host);
    }

    /** As text, without a lookup; a wildcard equals no host. */
    private static boolean isFor(X509Certificate certificate, @Nullable String host)
            throws CertificateParsingException {
        if (host == null) {
            return false;
        }
        byte[] address = NetUtil.createByteArrayFromIpAddressString(host);
        if (address != null) {
            return names(certificate, IP).stream()
                    .anyMatch(ip -> Arrays.equals(address, NetUtil.createByteArrayFromIpAddressString(ip)));
        }
        return names(certificate, DNS).stream().anyMatch(host::equalsIgnoreCase);
    }

    private static List<String> names(X509Certificate certificate, int kind) throws CertificateParsingException {
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        List<String> found = new ArrayList<>();
        if (all != null) {
            for (List<?> name : all) {
                if (name.get(0).equals(kind) && name.get(1) instanceof String text) {
                    found.add(text);
                }
            }
        }
        return found;
    }
}
