package io.holdfast.operator.tls;

import io.holdfast.operator.desired.Transport;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** The content of a Secret with the certificates of members: what they trust, and a certificate and a key for each. */
public final class MemberFiles {

    private MemberFiles() {}

    /**
     * Returns what the Secret is to have. A certificate that is good stays; one of a pod that is not named goes.
     *
     * @param present what it has
     * @param wanted what the certificate of each pod is for, by the pod's name
     */
    public static Map<String, String> of(
            Map<String, String> present,
            Map<String, Authority.Request> wanted,
            AuthorityState authority,
            Duration life,
            Instant now) {
        var files = new TreeMap<String, String>();
        files.put(Transport.AUTHORITIES, authority.trusted());
        wanted.forEach((pod, request) -> {
            Issued has = new Issued(
                    present.getOrDefault(pod + Transport.CERTIFICATE, ""),
                    present.getOrDefault(pod + Transport.KEY, ""));
            Issued issued = authority.issuer().isGood(has, request, now)
                    ? has
                    : authority.issuer().issue(request, life, now);
            files.put(pod + Transport.CERTIFICATE, issued.certificate());
            files.put(pod + Transport.KEY, issued.key());
        });
        return files;
    }

    /** Returns what a server tells of the certificate of a pod in these files; empty when there is none. */
    public static String certificateHash(Map<String, String> files, String pod) {
        try {
            String pem = files.get(pod + Transport.CERTIFICATE);
            return pem == null ? "" : Pem.hash(pem);
        } catch (GeneralSecurityException e) {
            return "";
        }
    }

    /** Returns whether the certificate of a pod in these files comes from an authority. */
    public static boolean isIssuedBy(Map<String, String> files, String pod, Authority authority) {
        try {
            String pem = files.get(pod + Transport.CERTIFICATE);
            if (pem == null) {
                return false;
            }
            Pem.certificate(pem).verify(Pem.certificate(authority.certificate()).getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    /** Returns what a server tells of authorities; empty when they cannot be read. */
    public static String authoritiesHash(String pem) {
        try {
            return Pem.hashOfAll(pem);
        } catch (GeneralSecurityException e) {
            return "";
        }
    }
}
