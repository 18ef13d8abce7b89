package io.holdfast.operator.tls;

import java.io.IOException;
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
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * An authority of the operator's own, with its key: P-256, one level deep.
 *
 * @param certificate its certificate, as PEM
 * @param key its private key, as PEM
 */
public record Authority(String certificate, String key) {

    /** Clocks differ: a certificate is valid a little before it is made. */
    private static final Duration SKEW = Duration.ofMinutes(5);

    private static final String SIGNATURE = "SHA256withECDSA";
    private static final SecureRandom RANDOM = new SecureRandom();

    /**
     * What a certificate is for.
     *
     * @param subject common name
     * @param uris names as URIs
     * @param hosts names as DNS names
     * @param clients whether it may be shown by the end that opens a connection, too
     */
    public record Request(String subject, List<String> uris, List<String> hosts, boolean clients) {

        /** Copies the lists. */
        public Request {
            uris = List.copyOf(uris);
            hosts = List.copyOf(hosts);
        }
    }

    /** Makes an authority. */
    public static Authority make(String name, Duration life, Instant now) {
        try {
            KeyPair keys = keys();
            X500Name subject = new X500Name("CN=" + name);
            X509v3CertificateBuilder builder = builder(subject, subject, keys, now, now.plus(life))
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return new Authority(
                    Pem.of(sign(builder, keys.getPrivate())), Pem.of(new JcaPKCS8Generator(keys.getPrivate(), null)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException e) {
            throw new IllegalStateException("an authority could not be made: " + e.getMessage(), e);
        }
    }

    /**
     * Makes a certificate, which does not outlive this authority.
     *
     * @throws IllegalArgumentException if this is no authority with its key
     */
    public Issued issue(Request request, Duration life, Instant now) {
        try {
            X509Certificate issuer = Pem.certificate(certificate);
            Instant last = issuer.getNotAfter().toInstant();
            Instant end = now.plus(life).isBefore(last) ? now.plus(life) : last;
            KeyPair keys = keys();
            X500Name by = new X500Name(issuer.getSubjectX500Principal().getName());
            X509v3CertificateBuilder builder = builder(by, new X500Name("CN=" + request.subject()), keys, now, end)
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                    .addExtension(Extension.extendedKeyUsage, false, usages(request))
                    .addExtension(Extension.subjectAlternativeName, false, names(request));
            return new Issued(
                    Pem.of(sign(builder, Pem.privateKey(key))), Pem.of(new JcaPKCS8Generator(keys.getPrivate(), null)));
        } catch (GeneralSecurityException | OperatorCreationException | IOException | ClassCastException e) {
            throw new IllegalArgumentException("it has no authority with its key", e);
        }
    }

    /**
     * Returns whether a certificate of this authority is good for what is asked for, and two thirds of its time are not
     * over.
     */
    public boolean isGood(Issued issued, Request request, Instant now) {
        try {
            X509Certificate leaf = Pem.certificate(issued.certificate());
            leaf.verify(Pem.certificate(certificate).getPublicKey());
            Pem.privateKey(issued.key());
            return !isDue(leaf, now)
                    && namesOf(leaf).containsAll(request.uris())
                    && namesOf(leaf).containsAll(request.hosts());
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            return false;
        }
    }

    /** Returns whether two thirds of the time of this authority are over, or it cannot be read. */
    public boolean isDue(Instant now) {
        try {
            return isDue(Pem.certificate(certificate), now);
        } catch (GeneralSecurityException e) {
            return true;
        }
    }

    /** Returns whether two thirds of the time of a certificate are over. */
    public static boolean isDue(X509Certificate certificate, Instant now) {
        Instant from = certificate.getNotBefore().toInstant();
        Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
        return now.isAfter(from.plus(life.multipliedBy(2).dividedBy(3)));
    }

    /** Returns the alternative names of a certificate, whatever their kinds. */
    public static Set<String> namesOf(X509Certificate certificate) {
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

    private static ExtendedKeyUsage usages(Request request) {
        return request.clients()
                ? new ExtendedKeyUsage(
                        new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth})
                : new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth);
    }

    private static GeneralNames names(Request request) {
        List<GeneralName> names = new ArrayList<>();
        request.uris().forEach(uri -> names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri)));
        request.hosts().forEach(host -> names.add(new GeneralName(GeneralName.dNSName, host)));
        return new GeneralNames(names.toArray(GeneralName[]::new));
    }

    private static KeyPair keys() throws GeneralSecurityException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"), RANDOM);
        return generator.generateKeyPair();
    }

    private static X509v3CertificateBuilder builder(
            X500Name issuer, X500Name subject, KeyPair keys, Instant now, Instant end) {
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(120, RANDOM).setBit(119),
                Date.from(now.minus(SKEW)),
                Date.from(end),
                subject,
                keys.getPublic());
    }

    private static X509Certificate sign(X509v3CertificateBuilder builder, PrivateKey by)
            throws GeneralSecurityException, OperatorCreationException {
        return new JcaX509CertificateConverter()
                .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(by)));
    }

    @Override
    public String toString() {
        return "Authority[certificate=" + certificate + "]";
    }
}
