package io.holdfast.operator.inject;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * The webhook's certificate and the authority that signed it, all as PEM. The authority stays for its ten years, so the
 * {@code caBundle} never changes while a certificate does.
 *
 * @param authority certificate of the authority
 * @param authorityKey its key
 * @param certificate what the webhook shows
 * @param key its key
 */
record WebhookCertificate(String authority, String authorityKey, String certificate, String key) {

    static final Duration LIFE = Duration.ofDays(90);
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);
    /** Clocks differ: it is valid a little before it is made. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final String SIGNATURE = "SHA256withECDSA";
    private static final SecureRandom RANDOM = new SecureRandom();

    /** Makes an authority and a certificate for the names of a host. */
    static WebhookCertificate make(List<String> names, Instant now) {
        try {
            KeyPair keys = keys();
            X500Name name = new X500Name("CN=holdfast-injector authority");
            X509v3CertificateBuilder builder = builder(name, name, keys, now, AUTHORITY_LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            String authority = pem(sign(builder, keys.getPrivate()));
            String key = pem(new JcaPKCS8Generator(keys.getPrivate(), null));
            return new WebhookCertificate(authority, key, "", "").renew(names, now);
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("a certificate could not be made: " + e.getMessage(), e);
        }
    }

    /** Makes another certificate by the same authority. */
    WebhookCertificate renew(List<String> names, Instant now) {
        try {
            X509Certificate issuer = read(authority);
            KeyPair keys = keys();
            X509v3CertificateBuilder builder = builder(
                            new X500Name(issuer.getSubjectX500Principal().getName()),
                            new X500Name("CN=holdfast-injector"),
                            keys,
                            now,
                            LIFE)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(
                            Extension.extendedKeyUsage, false, new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth))
                    .addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.stream()
                                    .map(name -> new GeneralName(GeneralName.dNSName, name))
                                    .toArray(GeneralName[]::new)));
            return new WebhookCertificate(
                    authority,
                    authorityKey,
                    pem(sign(builder, privateKey(authorityKey))),
                    pem(new JcaPKCS8Generator(keys.getPrivate(), null)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("a certificate could not be made: " + e.getMessage(), e);
        }
    }

    /**
     * Whether another one is due: two thirds of its time are over, or it is not for these names.
     *
     * @throws IllegalArgumentException if one of the four texts is none of its kind, or they do not belong together
     */
    boolean isDue(List<String> names, Instant now) {
        X509Certificate leaf = checked();
        Instant from = leaf.getNotBefore().toInstant();
        Duration life = Duration.between(from, leaf.getNotAfter().toInstant());
        return now.isAfter(from.plus(life.multipliedBy(2).dividedBy(3)))
                || !namesOf(leaf).containsAll(names);
    }

    /** When the certificate ends. */
    Instant ends() {
        return checked().getNotAfter().toInstant();
    }

    private X509Certificate checked() {
        try {
            X509Certificate issuer = read(authority);
            X509Certificate leaf = read(certificate);
            leaf.verify(issuer.getPublicKey());
            privateKey(authorityKey);
            privateKey(key);
            return leaf;
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw new IllegalArgumentException("what it has is no certificate with key and authority", e);
        }
    }

    private static Set<String> namesOf(X509Certificate certificate) {
        try {
            Set<String> names = new TreeSet<>();
            var given = certificate.getSubjectAlternativeNames();
            if (given != null) {
                given.forEach(name -> names.add(String.valueOf(name.get(1))));
            }
            return names;
        } catch (GeneralSecurityException e) {
            return Set.of();
        }
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys, Instant now, Duration life) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(120, RANDOM).setBit(119),
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(life)),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey by)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by)));
    }

    private static String pem(Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter out = new JcaPEMWriter(text)) {
            out.writeObject(what);
        }
        return text.toString();
    }

    static X509Certificate read(String pem) throws IOException, GeneralSecurityException {
        try (PEMParser in = new PEMParser(new StringReader(pem))) {
            if (in.readObject() instanceof X509CertificateHolder holder) {
                return new JcaX509CertificateConverter().getCertificate(holder);
            }
            throw new IOException("no certificate");
        }
    }

    private static PrivateKey privateKey(String pem) throws IOException {
        try (PEMParser in = new PEMParser(new StringReader(pem))) {
            if (in.readObject() instanceof PrivateKeyInfo info) {
                return new JcaPEMKeyConverter().getPrivateKey(info);
            }
            throw new IOException("no private key in PKCS #8");
        }
    }
}
