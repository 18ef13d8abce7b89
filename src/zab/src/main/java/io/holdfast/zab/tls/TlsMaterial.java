package io.holdfast.zab.tls;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509CRL;
import java.security.cert.X509CRLEntry;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/** What TLS uses of one reading of {@link TlsFiles}; never changed. For any thread. */
public final class TlsMaterial {

    /** Sessions that are resumed end with it: a certificate that is revoked meanwhile comes back for no longer. */
    private static final int TICKET_SECONDS = 3_600;

    private static final String SERVER_USAGE = "1.3.6.1.5.5.7.3.1";

    private final List<X509Certificate> chain;
    private final List<X509CRL> revocations;
    private final @Nullable X509ExtendedTrustManager trust;
    private final SSLContext context;
    private final X509ExtendedKeyManager keys;
    private final String fingerprint;
    private final String certificateHash;
    private final @Nullable String authoritiesHash;

    TlsMaterial(
            List<X509Certificate> chain,
            X509ExtendedKeyManager keys,
            List<X509Certificate> authorities,
            List<X509CRL> revocations,
            String fingerprint) {
        this.chain = List.copyOf(chain);
        this.revocations = List.copyOf(revocations);
        this.fingerprint = fingerprint;
        this.keys = keys;
        try {
            this.certificateHash = hash(chain.get(0).getEncoded());
            this.authoritiesHash = authorities.isEmpty() ? null : hashOf(authorities);
            this.trust = authorities.isEmpty() ? null : trust(authorities);
            this.context = SSLContext.getInstance("TLS");
            context.init(new KeyManager[] {keys}, trust == null ? null : new TrustManager[] {trust}, null);
            context.getServerSessionContext().setSessionTimeout(TICKET_SECONDS);
        } catch (GeneralSecurityException | java.io.IOException e) {
            throw new IllegalStateException("TLS of this Java cannot be used: " + e.getMessage(), e);
        }
    }

    private static X509ExtendedTrustManager trust(List<X509Certificate> authorities)
            throws GeneralSecurityException, java.io.IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        for (int i = 0; i < authorities.size(); i++) {
            store.setCertificateEntry("authority-" + i, authorities.get(i));
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
        factory.init(store);
        for (TrustManager manager : factory.getTrustManagers()) {
            if (manager instanceof X509ExtendedTrustManager usable) {
                return usable;
            }
        }
        throw new GeneralSecurityException("it has no PKIX");
    }

    /** Returns this node's own certificate. */
    public X509Certificate certificate() {
        return chain.get(0);
    }

    /** Returns what engines are made of; the maker of one sets whether the other end needs a certificate. */
    public SSLContext context() {
        return context;
    }

    /** Returns the private key, with the certificate's chain. */
    public X509ExtendedKeyManager keys() {
        return keys;
    }

    /**
     * Returns what checks the certificates of others.
     *
     * @throws IllegalStateException without authorities
     */
    public X509ExtendedTrustManager trust() {
        X509ExtendedTrustManager known = trust;
        if (known == null) {
            throw new IllegalStateException("no authority is known");
        }
        return known;
    }

    /**
     * Checks that this node may show its certificate to clients.
     *
     * @throws TlsFileException when the certificate is for something else
     */
    public void checkServes() throws TlsFileException {
        try {
            List<String> usages = certificate().getExtendedKeyUsage();
            if (usages == null || usages.contains(SERVER_USAGE)) {
                return;
            }
        } catch (CertificateParsingException e) {
            throw new TlsFileException(TlsFile.CERTIFICATE, "the certificate cannot be read: " + e.getMessage());
        }
        throw new TlsFileException(
                TlsFile.CERTIFICATE, "the certificate is not for servers: it lacks the key usage serverAuth");
    }

    private static String hashOf(List<X509Certificate> authorities) throws GeneralSecurityException {
        List<String> hashes = new ArrayList<>();
        for (X509Certificate authority : authorities) {
            hashes.add(hash(authority.getEncoded()));
        }
        return hash(hashes.stream()
                .sorted()
                .distinct()
                .collect(Collectors.joining())
                .getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** Returns the SHA-256 of this node's own certificate, in hexadecimal digits. */
    public String certificateHash() {
        return certificateHash;
    }

    /**
     * Returns the SHA-256 over the hexadecimal SHA-256 of each authority, in ascending order and without a line end;
     * null without authorities.
     */
    public @Nullable String authoritiesHash() {
        return authoritiesHash;
    }

    /** Returns what distinguishes these files from others. */
    public String fingerprint() {
        return fingerprint;
    }

    /** Returns when the first certificate of this node's chain expires, as Unix time in milliseconds. */
    public long expiresAtMillis() {
        return chain.stream()
                .mapToLong(certificate -> certificate.getNotAfter().toInstant().toEpochMilli())
                .min()
                .orElseThrow();
    }

    /**
     * Checks that this node's own certificate comes from one of the authorities that it trusts, and may be used at both
     * ends, as between peers.
     *
     * @throws TlsFileException when it does not, or may not
     */
    public void checkTrustsItself() throws TlsFileException {
        X509ExtendedTrustManager known = trust;
        if (known == null) {
            throw new TlsFileException(TlsFile.AUTHORITY, "is needed");
        }
        X509Certificate[] own = chain.toArray(X509Certificate[]::new);
        try {
            known.checkServerTrusted(own, "UNKNOWN");
            known.checkClientTrusted(own, "UNKNOWN");
        } catch (GeneralSecurityException e) {
            throw new TlsFileException(
                    TlsFile.CERTIFICATE,
                    "the certificate is not from an authority in the file of the setting ca, or its key usages do not"
                            + " allow both ends of a connection: " + e.getMessage());
        }
    }

    /**
     * Says what has become of a chain that was valid when its connection began.
     *
     * @param nowMillis Unix time
     * @return such as {@code expired at 2027-01-01T00:00:00Z}; null when it is still good
     */
    public @Nullable String objection(List<X509Certificate> other, long nowMillis) {
        for (X509Certificate certificate : other) {
            Instant end = certificate.getNotAfter().toInstant();
            Instant begin = certificate.getNotBefore().toInstant();
            if (nowMillis > end.toEpochMilli()) {
                return "expired at " + end;
            }
            if (nowMillis < begin.toEpochMilli()) {
                return "is not valid before " + begin;
            }
            for (X509CRL list : revocations) {
                X509CRLEntry revoked = certificate.getIssuerX500Principal().equals(list.getIssuerX500Principal())
                        ? list.getRevokedCertificate(certificate.getSerialNumber())
                        : null;
                if (revoked != null) {
                    return "with serial number " + certificate.getSerialNumber().toString(16) + " is revoked";
                }
            }
        }
        return null;
    }
}
