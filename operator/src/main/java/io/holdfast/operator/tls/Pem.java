package io.holdfast.operator.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/** Certificates and keys as text. */
public final class Pem {

    private Pem() {}

    static String of(Object what) throws IOException {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter out = new JcaPEMWriter(text)) {
            out.writeObject(what);
        }
        return text.toString();
    }

    /**
     * Returns the first certificate of a text.
     *
     * @throws GeneralSecurityException when there is none
     */
    public static X509Certificate certificate(String pem) throws GeneralSecurityException {
        List<X509Certificate> all = certificates(pem);
        if (all.isEmpty()) {
            throw new GeneralSecurityException("no certificate");
        }
        return all.get(0);
    }

    /** Returns all certificates of a text. */
    public static List<X509Certificate> certificates(String pem) throws GeneralSecurityException {
        var in = new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
        return CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                .map(X509Certificate.class::cast)
                .toList();
    }

    /**
     * Returns a private key in PKCS #8.
     *
     * @throws IOException when the text has none
     */
    public static PrivateKey privateKey(String pem) throws IOException {
        try (PEMParser in = new PEMParser(new StringReader(pem))) {
            if (in.readObject() instanceof PrivateKeyInfo info) {
                return new JcaPEMKeyConverter().getPrivateKey(info);
            }
            throw new IOException("no private key in PKCS #8");
        }
    }

    /** Returns the SHA-256 of the first certificate of a text, as servers tell it. */
    static String hash(String pem) throws GeneralSecurityException {
        return hash(certificate(pem).getEncoded());
    }

    /** Returns what servers tell of the authorities that they trust. */
    static String hashOfAll(String pem) throws GeneralSecurityException {
        List<String> hashes = new java.util.ArrayList<>();
        for (X509Certificate certificate : certificates(pem)) {
            hashes.add(hash(certificate.getEncoded()));
        }
        String joined = hashes.stream().sorted().distinct().collect(Collectors.joining());
        return hash(joined.getBytes(StandardCharsets.US_ASCII));
    }

    private static String hash(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }
}
