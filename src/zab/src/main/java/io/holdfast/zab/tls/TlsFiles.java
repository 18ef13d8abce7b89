package io.holdfast.zab.tls;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.PemKeyCertOptions;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CRL;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files of one use of TLS. They may be replaced at any time, so each is read once for each {@link #read}.
 *
 * @param certificate chain of this node, its own certificate first
 * @param key private key of that certificate, in PKCS #8, or RSA or EC of the older forms, without a password
 * @param authorities that the other end's certificate must come from; null when the other end needs none
 * @param revocations lists of revoked certificates, signed by those authorities; null for none
 */
public record TlsFiles(
        Path certificate,
        Path key,
        @Nullable Path authorities,
        @Nullable Path revocations) {

    /** The longest file that is read, in bytes. */
    static final int BYTES_MAX = 4 << 20;

    /**
     * Reads the files and checks that they belong together: the key is of the certificate, which is valid now and comes
     * from one of the authorities, which signed the lists. Blocks.
     *
     * @param nowMillis Unix time
     * @throws TlsFileException naming the file that is wrong
     */
    public TlsMaterial read(Vertx vertx, long nowMillis) throws TlsFileException {
        Reading reading = new Reading(vertx);
        return reading.material(nowMillis);
    }

    /** Reads each file once; what was read is remembered by its hash. */
    private final class Reading {
        private final Vertx vertx;
        private final MessageDigest digest;

        Reading(Vertx vertx) {
            this.vertx = vertx;
            try {
                this.digest = MessageDigest.getInstance("SHA-256");
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        TlsMaterial material(long nowMillis) throws TlsFileException {
            byte[] chainBytes = bytes(TlsFile.CERTIFICATE, certificate);
            byte[] keyBytes = bytes(TlsFile.KEY, key);
            checkPrivate();
            List<X509Certificate> chain = certificates(TlsFile.CERTIFICATE, certificate, chainBytes);
            X509ExtendedKeyManager keys = keys(chainBytes, keyBytes);
            X509Certificate own = chain.get(0);
            checkKey(own, keys);
            List<X509Certificate> trusted = authorities == null
                    ? List.of()
                    : certificates(TlsFile.AUTHORITY, authorities, bytes(TlsFile.AUTHORITY, authorities));
            List<X509CRL> lists = revocations == null ? List.of() : lists(revocations, trusted);
            TlsMaterial material =
                    new TlsMaterial(chain, keys, trusted, lists, HexFormat.of().formatHex(digest.digest()));
            String ended = material.objection(chain, nowMillis);
            if (ended != null) {
                throw new TlsFileException(TlsFile.CERTIFICATE, certificate + ": the certificate " + ended);
            }
            return material;
        }

        /** The group may read it: Kubernetes gives mounted files to the group of a pod. */
        private void checkPrivate() throws TlsFileException {
            try {
                Set<PosixFilePermission> modes = Files.getPosixFilePermissions(key);
                if (modes.contains(PosixFilePermission.OTHERS_READ)) {
                    throw new TlsFileException(
                            TlsFile.KEY,
                            key + " has mode " + PosixFilePermissions.toString(modes)
                                    + ", and each user of this machine can read the private key: let its owner and"
                                    + " group alone read it, as chmod o-r does");
                }
            } catch (UnsupportedOperationException e) {
                // A file system without modes has other means.
                return;
            } catch (IOException e) {
                throw new TlsFileException(TlsFile.KEY, "the mode of " + key + " cannot be read: " + e.getMessage());
            }
        }

        private byte[] bytes(TlsFile file, Path path) throws TlsFileException {
            try (InputStream in = Files.newInputStream(path)) {
                byte[] bytes = in.readNBytes(BYTES_MAX + 1);
                if (bytes.length > BYTES_MAX) {
                    throw new TlsFileException(file, path + " is longer than " + BYTES_MAX + " bytes");
                }
                digest.update(file.setting().getBytes(StandardCharsets.US_ASCII));
                digest.update(bytes);
                return bytes;
            } catch (NoSuchFileException e) {
                throw new TlsFileException(file, path + " does not exist");
            } catch (IOException e) {
                throw new TlsFileException(file, path + " cannot be read: " + e.getMessage());
            }
        }

        private List<X509Certificate> certificates(TlsFile file, Path path, byte[] pem) throws TlsFileException {
            List<X509Certificate> found = new ArrayList<>();
            try {
                for (Certificate each :
                        CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem))) {
                    found.add((X509Certificate) each);
                }
            } catch (CertificateException e) {
                throw new TlsFileException(file, path + " is no PEM file of certificates: " + line(e));
            }
            if (found.isEmpty()) {
                throw new TlsFileException(file, path + " has no certificate in it");
            }
            return found;
        }

        private X509ExtendedKeyManager keys(byte[] chain, byte[] privateKey) throws TlsFileException {
            try {
                KeyManagerFactory factory = new PemKeyCertOptions()
                        .setCertValue(Buffer.buffer(chain))
                        .setKeyValue(Buffer.buffer(privateKey))
                        .getKeyManagerFactory(vertx);
                for (KeyManager manager : factory.getKeyManagers()) {
                    if (manager instanceof X509ExtendedKeyManager usable) {
                        return usable;
                    }
                }
                throw new TlsFileException(TlsFile.KEY, key + " has no private key that TLS can use");
            } catch (TlsFileException e) {
                throw e;
            } catch (Exception e) {
                // The library declares no narrower type.
                throw new TlsFileException(
                        TlsFile.KEY, key + " is no PEM file of a private key without a password: " + line(e));
            }
        }

        private void checkKey(X509Certificate own, X509ExtendedKeyManager keys) throws TlsFileException {
            PublicKey publicKey = own.getPublicKey();
            String[] aliases = keys.getServerAliases(publicKey.getAlgorithm(), null);
            PrivateKey privateKey = aliases == null ? null : keys.getPrivateKey(aliases[0]);
            String algorithm = switch (publicKey.getAlgorithm()) {
                case "RSA" -> "SHA256withRSA";
                case "EC" -> "SHA256withECDSA";
                default -> publicKey.getAlgorithm();
            };
            try {
                Signature signature = Signature.getInstance(algorithm);
                signature.initSign(privateKey);
                signature.update(own.getEncoded());
                byte[] signed = signature.sign();
                signature.initVerify(publicKey);
                signature.update(own.getEncoded());
                if (signature.verify(signed)) {
                    return;
                }
            } catch (GeneralSecurityException e) {
                throw new TlsFileException(
                        TlsFile.KEY,
                        key + " is not the key of the certificate in " + certificate + ", or cannot be used: "
                                + line(e));
            }
            throw new TlsFileException(TlsFile.KEY, key + " is not the key of the certificate in " + certificate);
        }

        private List<X509CRL> lists(Path path, List<X509Certificate> trusted) throws TlsFileException {
            byte[] pem = bytes(TlsFile.REVOCATION, path);
            List<X509CRL> found = new ArrayList<>();
            try {
                for (CRL each : CertificateFactory.getInstance("X.509").generateCRLs(new ByteArrayInputStream(pem))) {
                    found.add((X509CRL) each);
                }
            } catch (GeneralSecurityException e) {
                throw new TlsFileException(
                        TlsFile.REVOCATION, path + " is no PEM file of revocation lists: " + line(e));
            }
            if (found.isEmpty()) {
                throw new TlsFileException(TlsFile.REVOCATION, path + " has no revocation list in it");
            }
            for (X509CRL list : found) {
                if (trusted.stream().noneMatch(authority -> isSigned(list, authority))) {
                    throw new TlsFileException(
                            TlsFile.REVOCATION,
                            path + " has a list of '" + list.getIssuerX500Principal()
                                    + "' that none of the certificates in " + authorities + " signed");
                }
            }
            return found;
        }
    }

    private static boolean isSigned(X509CRL list, X509Certificate authority) {
        if (!Objects.equals(list.getIssuerX500Principal(), authority.getSubjectX500Principal())) {
            return false;
        }
        try {
            list.verify(authority.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private static String line(Exception e) {
        return String.valueOf(e.getMessage())
                .lines()
                .findFirst()
                .orElse(e.getClass().getSimpleName());
    }
}
