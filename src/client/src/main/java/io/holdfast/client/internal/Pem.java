package io.holdfast.client.internal;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads PEM files; every complaint names the file. Any thread. */
final class Pem {

    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final List<String> KEY_ALGORITHMS = List.of("RSA", "EC", "Ed25519");

    private record Block(String label, String base64) {
        byte[] content() {
            return Base64.getMimeDecoder().decode(base64);
        }
    }

    private Pem() {}

    /** Returns all certificates of a file, one at least. */
    static List<X509Certificate> certificates(Path file, byte[] content) {
        List<X509Certificate> all = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : blocks(content)) {
                if (block.label().equals(CERTIFICATE)) {
                    all.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.content())));
                }
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "the file " + file + " has a certificate that cannot be read: " + e.getMessage(), e);
        }
        if (all.isEmpty()) {
            throw new IllegalArgumentException(
                    "the file " + file + " has no certificate (-----BEGIN CERTIFICATE-----)");
        }
        return all;
    }

    /** Returns the private key of a file. */
    static PrivateKey privateKey(Path file, byte[] content) {
        for (Block block : blocks(content)) {
            if (block.label().equals(KEY)) {
                PrivateKey key = key(block);
                if (key == null) {
                    throw new IllegalArgumentException(
                            "the key in " + file + " cannot be read: it must be RSA, EC or Ed25519");
                }
                return key;
            }
            if (block.label().equals("ENCRYPTED PRIVATE KEY")) {
                throw new IllegalArgumentException("the key in " + file
                        + " is encrypted: write it without a password, with openssl pkcs8 -topk8 -nocrypt");
            }
            if (block.label().endsWith(KEY)) {
                throw new IllegalArgumentException("the key in " + file + " is not PKCS#8 but " + block.label()
                        + ": convert it with openssl pkcs8 -topk8 -nocrypt");
            }
        }
        throw new IllegalArgumentException("the file " + file + " has no key (-----BEGIN PRIVATE KEY-----)");
    }

    private static @Nullable PrivateKey key(Block block) {
        for (String algorithm : KEY_ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(block.content()));
            } catch (GeneralSecurityException | IllegalArgumentException e) {
                System.getLogger(Pem.class.getName()).log(System.Logger.Level.TRACE, "not {0}", algorithm);
            }
        }
        return null;
    }

    private static List<Block> blocks(byte[] content) {
        List<Block> all = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(new String(content, StandardCharsets.ISO_8859_1));
        while (matcher.find()) {
            all.add(new Block(matcher.group(1), matcher.group(2)));
        }
        return all;
    }

    /** Whether they are halves of one pair. */
    static boolean belong(PrivateKey key, PublicKey certified) throws GeneralSecurityException {
        if (!key.getAlgorithm().equals(certified.getAlgorithm())) {
            return false;
        }
        String algorithm = switch (key.getAlgorithm()) {
            case "RSA" -> "SHA256withRSA";
            case "EC" -> "SHA256withECDSA";
            default -> key.getAlgorithm();
        };
        byte[] probe = {1, 2, 3};
        Signature signature = Signature.getInstance(algorithm);
        signature.initSign(key);
        signature.update(probe);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(probe);
        return signature.verify(signed);
    }
}
