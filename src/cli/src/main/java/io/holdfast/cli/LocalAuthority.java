package io.holdfast.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The certificate authority of an ensemble on this machine, made with the JDK's keytool: a key store with all private
 * keys, and beside it the PEM files that nodes and clients read. What is there and good for long enough is kept. Used
 * by one process at a time.
 */
final class LocalAuthority {

    /** PEM file of the authority, for nodes and for clients. */
    static final String AUTHORITY = "ca.crt";

    private static final String STORE = "authority.p12";
    private static final String ROOT = "ca";

    /** The key store wants one; what protects it is that only its owner can read the file. */
    private static final String PASSWORD = "holdfast";

    private static final int ROOT_DAYS = 3650;
    private static final int NODE_DAYS = 365;

    /** What is good for less than this at a start is made anew, and so an ensemble may run for so long. */
    private static final Duration LEFT_MIN = Duration.ofDays(180);

    private static final Duration KEYTOOL_TIME = Duration.ofSeconds(60);

    private final Path directory;
    private final Path store;
    private final Instant now;

    /**
     * Creates one.
     *
     * @param directory of all files; only its owner can read it
     * @param now by which certificates are judged
     */
    LocalAuthority(Path directory, Instant now) {
        this.directory = directory;
        this.store = directory.resolve(STORE);
        this.now = now;
    }

    /**
     * Has certificates for the members 1 to {@code nodes} of an ensemble, in {@code node-ID.crt} and
     * {@code node-ID.key}, which serve clients of this machine, too.
     *
     * @return the members whose certificate was made anew
     * @throws CommandException when keytool fails, or a file is none of its
     */
    List<Integer> certify(String ensemble, int nodes) {
        try {
            List<Integer> made = new ArrayList<>();
            if (!Files.exists(store)) {
                make(ROOT, ROOT_DAYS, "CN=holdfast on this machine", List.of("bc:c", "ku:c=keyCertSign,cRLSign"));
            } else if (isDue(root())) {
                delete(ROOT);
                make(ROOT, ROOT_DAYS, "CN=holdfast on this machine", List.of("bc:c", "ku:c=keyCertSign,cRLSign"));
            }
            write(AUTHORITY, pem("CERTIFICATE", root().getEncoded()));
            for (int node = 1; node <= nodes; node++) {
                if (certifyNode(ensemble, node)) {
                    made.add(node);
                }
            }
            return made;
        } catch (IOException | GeneralSecurityException e) {
            throw CommandException.failed(
                    "cannot use " + directory + ": " + FileFailures.words(e)
                            + "; remove it to have certificates and the first key made anew",
                    e);
        }
    }

    private boolean certifyNode(String ensemble, int node) throws IOException, GeneralSecurityException {
        String name = "node-" + node;
        KeyStore kept = load();
        boolean isGood = kept.getCertificate(name) instanceof X509Certificate certificate
                && !isDue(certificate)
                && isSigned(certificate, root());
        if (!isGood) {
            delete(name);
            make(
                    name,
                    NODE_DAYS,
                    "CN=holdfast node " + node,
                    List.of(
                            "san=uri:holdfast://" + ensemble + "/member/" + node + ",dns:localhost,ip:127.0.0.1",
                            "eku=serverAuth,clientAuth",
                            "ku:c=digitalSignature"));
            kept = load();
        }
        Certificate certificate = kept.getCertificate(name);
        if (!(kept.getKey(name, PASSWORD.toCharArray()) instanceof PrivateKey key) || certificate == null) {
            throw new IOException(STORE + " has no key of " + name);
        }
        boolean changed = write(name + ".key", pem("PRIVATE KEY", key.getEncoded()));
        return write(name + ".crt", pem("CERTIFICATE", certificate.getEncoded())) || changed;
    }

    private X509Certificate root() throws IOException, GeneralSecurityException {
        if (load().getCertificate(ROOT) instanceof X509Certificate root) {
            return root;
        }
        throw new IOException(STORE + " has no authority");
    }

    private boolean isDue(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant().isBefore(now.plus(LEFT_MIN));
    }

    private static boolean isSigned(X509Certificate certificate, X509Certificate root) {
        try {
            certificate.verify(root.getPublicKey());
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private KeyStore load() throws IOException, GeneralSecurityException {
        KeyStore kept = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            kept.load(in, PASSWORD.toCharArray());
        } catch (IOException e) {
            throw new IOException(STORE + " is damaged: " + FileFailures.words(e), e);
        }
        return kept;
    }

    private void delete(String alias) throws IOException, GeneralSecurityException {
        KeyStore kept = load();
        if (kept.containsAlias(alias)) {
            kept.deleteEntry(alias);
            Path next = Files.createTempFile(
                    directory,
                    "store",
                    ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try (var out = Files.newOutputStream(next)) {
                kept.store(out, PASSWORD.toCharArray());
            }
            Files.move(next, store, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Makes a key and its certificate; all but the authority's own is signed by the authority. */
    private void make(String alias, int days, String name, List<String> extensions) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1",
                "-J-XX:+UseSerialGC",
                "-genkeypair",
                "-alias",
                alias,
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                name,
                "-validity",
                Integer.toString(days),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD,
                "-keystore",
                store.toString()));
        extensions.forEach(extension -> command.addAll(List.of("-ext", extension)));
        if (!alias.equals(ROOT)) {
            command.addAll(List.of("-signer", ROOT));
        }
        run(command);
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-------"));
    }

    private static void run(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment()
                .keySet()
                .removeIf(name -> name.toUpperCase(Locale.ROOT).endsWith("JAVA_OPTIONS"));
        Process process = builder.start();
        process.getOutputStream().close();
        try (InputStream out = process.getInputStream()) {
            String said = new String(out.readNBytes(1 << 16), StandardCharsets.UTF_8).strip();
            if (!process.waitFor(KEYTOOL_TIME.toSeconds(), TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException("keytool failed: " + Words.plain(said.replace('\n', ' ')));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while keytool ran", e);
        } finally {
            process.destroyForcibly();
        }
    }

    private static String pem(String what, byte[] content) {
        return "-----BEGIN " + what + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + what
                + "-----\n";
    }

    /** Writes a file for its owner alone, as a whole; returns whether that changed it. */
    private boolean write(String name, String content) throws IOException {
        Path file = directory.resolve(name);
        if (Files.exists(file) && Files.readString(file).equals(content)) {
            return false;
        }
        Path next = Files.createTempFile(
                directory,
                name,
                ".new",
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(next, content);
        Files.move(next, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    /** Returns the certificate in a PEM file. */
    static X509Certificate certificate(Path file) throws IOException, GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            if (CertificateFactory.getInstance("X.509").generateCertificate(in) instanceof X509Certificate read) {
                return read;
            }
        }
        throw new IOException(file + " has no certificate");
    }
}
