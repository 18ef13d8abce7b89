package io.holdfast.cli;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Certificates and a key from PEM files. */
final class PemFiles {

    private static final int BYTES_MAX = 1 << 20;
    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final char[] NO_PASSWORD = new char[0];

    private PemFiles() {}

    /**
     * Makes what connections are made with.
     *
     * @throws CommandException naming the file that is wrong
     */
    static SSLContext sslContext(
            Optional<Settings.Source> authorities,
            Optional<Settings.Source> certificate,
            Optional<Settings.Source> key) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    certificate.isEmpty() ? null : keys(certificate.get(), key.orElseThrow()),
                    authorities.isEmpty() ? null : trust(authorities.get()),
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw CommandException.failed("this JVM makes no TLS context: " + e, e);
        }
    }

    private static TrustManager @Nullable [] trust(Settings.Source file) throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        int number = 0;
        for (Certificate authority : certificates(file)) {
            store.setCertificateEntry("ca-" + number++, authority);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyManager @Nullable [] keys(Settings.Source certificate, Settings.Source key)
            throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        Certificate[] chain = certificates(certificate).toArray(Certificate[]::new);
        PrivateKey secret = privateKey(key, chain[0].getPublicKey().getAlgorithm());
        store.setKeyEntry("key", secret, NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static Collection<? extends Certificate> certificates(Settings.Source file) {
        byte[] bytes = bytes(file);
        try {
            Collection<? extends Certificate> certificates =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(bytes));
            if (!certificates.isEmpty()) {
                return certificates;
            }
        } catch (CertificateException e) {
            throw noCertificate(file);
        }
        throw noCertificate(file);
    }

    private static CommandException noCertificate(Settings.Source file) {
        return CommandException.usage(file.name() + ": " + file.value()
                + " has no certificate; give a PEM file with -----BEGIN CERTIFICATE-----");
    }

    private static PrivateKey privateKey(Settings.Source file, String algorithm) {
        Matcher pem = KEY.matcher(new String(bytes(file), StandardCharsets.US_ASCII));
        if (!pem.find()) {
            throw CommandException.usage(file.name() + ": " + file.value()
                    + " has no key; give a PEM file with -----BEGIN PRIVATE KEY-----, PKCS 8 without a password");
        }
        try {
            byte[] der = Base64.getMimeDecoder().decode(pem.group(1));
            return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw CommandException.usage(file.name() + ": the key in " + file.value() + " is no " + algorithm
                    + " key, as its certificate wants");
        }
    }

    private static byte[] bytes(Settings.Source file) {
        try (var stream = Files.newInputStream(Path.of(file.value()))) {
            byte[] bytes = stream.readNBytes(BYTES_MAX + 1);
            if (bytes.length > BYTES_MAX) {
                throw CommandException.usage(file.name() + ": " + file.value() + " has more than 1 MiB");
            }
            return bytes;
        } catch (IOException | InvalidPathException e) {
            throw CommandException.usage(file.name() + ": cannot read " + file.value() + ": " + FileFailures.words(e));
        }
    }
}
