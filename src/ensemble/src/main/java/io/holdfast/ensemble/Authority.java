package io.holdfast.ensemble;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.jspecify.annotations.Nullable;

/** A certificate authority of a test: issues certificates for members and clients, and revokes them. For any thread. */
public final class Authority {

    private static final Duration SKEW = Duration.ofHours(1);
    private static final Duration LIFE = Duration.ofDays(90);

    private final X500Name name;
    private final KeyPair keys = keys();
    private final X509Certificate own;
    private final String pem;
    private final AtomicLong serial = new AtomicLong(System.nanoTime());

    /** An authority with a key of its own. */
    public Authority(String name) {
        this.name = new X500Name("CN=" + name);
        try {
            var now = Instant.now();
            var builder = new JcaX509v3CertificateBuilder(
                            this.name,
                            BigInteger.ONE,
                            Date.from(now.minus(SKEW)),
                            Date.from(now.plus(LIFE.multipliedBy(4))),
                            this.name,
                            keys.getPublic())
                    .addExtension(Extension.basicConstraints, true, new BasicConstraints(0))
                    .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            this.own = new JcaX509CertificateConverter().getCertificate(builder.build(signer()));
            this.pem = pemOf(own);
        } catch (CertIOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A certificate of its own, with its private key. */
    public record Issued(X509Certificate certificate, PrivateKey key, String certificatePem, String keyPem) {

        /** Writes {@code NAME.crt} and {@code NAME.key}, each in one step. */
        public void write(Path directory, String file) throws IOException {
            put(directory.resolve(file + ".key"), keyPem);
            put(directory.resolve(file + ".crt"), certificatePem);
        }
    }

    /** Replaces the content of a file in one step, so that no reader sees half of it. */
    public static void put(Path file, String content) throws IOException {
        Files.createDirectories(file.toAbsolutePath().getParent());
        var next = Files.writeString(file.resolveSibling(file.getFileName() + ".next"), content);
        if (file.toString().endsWith(".key")) {
            Files.setPosixFilePermissions(next, PosixFilePermissions.fromString("rw-------"));
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The contents of a certificate; both usages and 90 days are the defaults. */
    public final class Request {
        private final List<GeneralName> names = new ArrayList<>();
        private KeyPurposeId[] usages = {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth};
        private String subject = "CN=any";
        private Instant from = Instant.now().minus(SKEW);
        private Instant until = Instant.now().plus(LIFE);

        /** With that URI. */
        public Request uri(String uri) {
            names.add(new GeneralName(GeneralName.uniformResourceIdentifier, uri));
            return this;
        }

        /** With that DNS name. */
        public Request dns(String host) {
            names.add(new GeneralName(GeneralName.dNSName, host));
            return this;
        }

        /** With that address. */
        public Request ip(String address) {
            names.add(new GeneralName(GeneralName.iPAddress, address));
            return this;
        }

        /** With that distinguished name. */
        public Request subject(String name) {
            subject = name;
            return this;
        }

        /** For clients only. */
        public Request forClients() {
            usages = new KeyPurposeId[] {KeyPurposeId.id_kp_clientAuth};
            return this;
        }

        /** For servers only. */
        public Request forServers() {
            usages = new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth};
            return this;
        }

        /** Valid in that time only. */
        public Request valid(Instant begin, Instant end) {
            from = begin;
            until = end;
            return this;
        }

        /** The certificate, with a key of its own. */
        public Issued issue() {
            try {
                var own = keys();
                var builder = new JcaX509v3CertificateBuilder(
                                name,
                                BigInteger.valueOf(serial.incrementAndGet()),
                                Date.from(from),
                                Date.from(until),
                                new X500Name(subject),
                                own.getPublic())
                        .addExtension(Extension.basicConstraints, true, new BasicConstraints(false))
                        .addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature))
                        .addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(usages));
                if (!names.isEmpty()) {
                    builder.addExtension(
                            Extension.subjectAlternativeName,
                            false,
                            new GeneralNames(names.toArray(GeneralName[]::new)));
                }
                var certificate = new JcaX509CertificateConverter().getCertificate(builder.build(signer()));
                return new Issued(
                        certificate,
                        own.getPrivate(),
                        pemOf(certificate),
                        pemOf(new JcaPKCS8Generator(own.getPrivate(), null)));
            } catch (IOException | GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** A certificate to be issued. */
    public Request certificate() {
        return new Request();
    }

    /** A certificate of that member, by its URI. */
    public Issued member(String cluster, int id) {
        return certificate().uri("holdfast://" + cluster + "/member/" + id).issue();
    }

    /** The authority's own certificate. */
    public String pem() {
        return pem;
    }

    /**
     * What a client uses that trusts this authority, and shows that certificate; null for a client without one.
     *
     * @param others authorities that it trusts as well
     */
    public SSLContext client(@Nullable Issued shown, Authority... others) {
        try {
            var trusted = KeyStore.getInstance("PKCS12");
            trusted.load(null, null);
            trusted.setCertificateEntry("authority", own);
            for (var other : others) {
                trusted.setCertificateEntry(other.name.toString(), other.own);
            }
            var trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            var keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            if (shown != null) {
                keys.setKeyEntry("own", shown.key(), new char[0], new X509Certificate[] {shown.certificate()});
            }
            var key = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            key.init(keys, new char[0]);
            var context = SSLContext.getInstance("TLS");
            context.init(key.getKeyManagers(), trust.getTrustManagers(), null);
            return context;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The list of these certificates as revoked ones. */
    public String revoking(Issued... revoked) {
        var builder = new X509v2CRLBuilder(name, Date.from(Instant.now().minus(SKEW)));
        builder.setNextUpdate(Date.from(Instant.now().plus(LIFE)));
        for (var each : revoked) {
            builder.addCRLEntry(
                    each.certificate().getSerialNumber(), Date.from(Instant.now()), CRLReason.keyCompromise);
        }
        return pemOf(builder.build(signer()));
    }

    private ContentSigner signer() {
        try {
            return new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate());
        } catch (OperatorCreationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair keys() {
        try {
            var generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pemOf(Object what) {
        var text = new StringWriter();
        try (var out = new JcaPEMWriter(text)) {
            out.writeObject(what);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}
