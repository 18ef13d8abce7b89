package io.holdfast.zab.tls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.ensemble.Authority;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that do not belong together, or are no longer good, are named in one line. */
class TlsFilesTest {

    private static final Vertx VERTX = Vertx.vertx();
    private static final Authority AUTHORITY = new Authority("members");

    @TempDir
    private Path directory;

    private Authority.Issued own;

    @AfterAll
    static void closeVertx() {
        VERTX.close();
    }

    @BeforeEach
    void writeFiles() throws IOException {
        own = AUTHORITY.member("orders", 1);
        own.write(directory, "own");
        Authority.put(directory.resolve("ca"), AUTHORITY.pem());
    }

    private TlsFiles files(boolean withRevocations) {
        return new TlsFiles(
                directory.resolve("own.crt"),
                directory.resolve("own.key"),
                directory.resolve("ca"),
                withRevocations ? directory.resolve("crl") : null);
    }

    private TlsMaterial read(boolean withRevocations) throws TlsFileException {
        return files(withRevocations).read(VERTX, System.currentTimeMillis());
    }

    private void refused(TlsFile file, String because) {
        TlsFileException refused = assertThrows(TlsFileException.class, () -> {
            read(Files.exists(directory.resolve("crl"))).checkTrustsItself();
        });
        assertEquals(file, refused.file(), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains(because), refused.getMessage());
        assertEquals(1, String.valueOf(refused.getMessage()).lines().count());
    }

    @Test
    void filesThatBelongTogetherAreRead() throws Exception {
        TlsMaterial material = read(false);
        material.checkTrustsItself();
        assertEquals(own.certificate(), material.certificate());
        assertEquals(own.certificate().getNotAfter().toInstant().toEpochMilli(), material.expiresAtMillis());
        assertEquals(material.fingerprint(), read(false).fingerprint());
        AUTHORITY.member("orders", 1).write(directory, "own");
        assertNotEquals(material.fingerprint(), read(false).fingerprint());
    }

    @Test
    void whatIsServedAndTrustedIsTold() throws Exception {
        TlsMaterial material = read(false);
        String authority = sha256(encoded(AUTHORITY));
        assertEquals(sha256(own.certificate().getEncoded()), material.certificateHash());
        assertEquals(sha256(authority.getBytes(StandardCharsets.US_ASCII)), material.authoritiesHash());
        Authority second = new Authority("second");
        Authority.put(directory.resolve("ca"), second.pem() + AUTHORITY.pem() + AUTHORITY.pem());
        String both = Stream.of(authority, sha256(encoded(second))).sorted().collect(Collectors.joining());
        assertEquals(
                sha256(both.getBytes(StandardCharsets.US_ASCII)), read(false).authoritiesHash());
    }

    private static byte[] encoded(Authority authority) throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(authority.pem().getBytes(StandardCharsets.US_ASCII)))
                .getEncoded();
    }

    private static String sha256(byte[] bytes) throws GeneralSecurityException {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    @Test
    void aFileThatIsMissingIsNamed() throws IOException {
        Files.delete(directory.resolve("own.key"));
        refused(TlsFile.KEY, "own.key does not exist");
    }

    @Test
    void aFileOfSomethingElseIsNamed() throws IOException {
        Authority.put(directory.resolve("own.key"), own.certificatePem());
        refused(TlsFile.KEY, "own.key is no PEM file of a private key");
        own.write(directory, "own");
        Authority.put(directory.resolve("own.crt"), "nothing");
        refused(TlsFile.CERTIFICATE, "own.crt");
        own.write(directory, "own");
        Authority.put(directory.resolve("ca"), "");
        refused(TlsFile.AUTHORITY, "ca has no certificate in it");
    }

    @Test
    void aKeyThatEachUserCanReadIsRefused() throws Exception {
        Path key = directory.resolve("own.key");
        for (String mode : List.of("r--------", "rw-r-----", "r--r-----")) {
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
            read(false);
        }
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        refused(TlsFile.KEY, "own.key has mode rw-r--r--, and each user of this machine can read the private key");
        // As Kubernetes mounts it: the mode of a link does not count.
        Path link = Files.createSymbolicLink(directory.resolve("link"), key.getFileName());
        TlsFiles linked = new TlsFiles(directory.resolve("own.crt"), link, null, null);
        assertThrows(TlsFileException.class, () -> linked.read(VERTX, System.currentTimeMillis()));
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("r--r-----"));
        linked.read(VERTX, System.currentTimeMillis());
    }

    @Test
    void aKeyOfAnotherCertificateIsRefused() throws IOException {
        Authority.put(
                directory.resolve("own.key"), AUTHORITY.member("orders", 1).keyPem());
        refused(TlsFile.KEY, "is not the key of the certificate");
    }

    @Test
    void aCertificateThatIsNotValidNowIsRefused() throws IOException {
        Instant now = Instant.now();
        AUTHORITY
                .certificate()
                .valid(now.minus(Duration.ofDays(2)), now.minus(Duration.ofDays(1)))
                .issue()
                .write(directory, "own");
        refused(TlsFile.CERTIFICATE, "the certificate expired at");
        AUTHORITY
                .certificate()
                .valid(now.plus(Duration.ofDays(1)), now.plus(Duration.ofDays(2)))
                .issue()
                .write(directory, "own");
        refused(TlsFile.CERTIFICATE, "is not valid before");
    }

    @Test
    void aCertificateOfAnotherAuthorityIsRefused() throws IOException {
        new Authority("others").member("orders", 1).write(directory, "own");
        refused(TlsFile.CERTIFICATE, "is not from an authority");
    }

    @Test
    void aRevokedCertificateIsKnownByItsList() throws Exception {
        Authority.Issued other = AUTHORITY.member("orders", 2);
        Authority.put(directory.resolve("crl"), AUTHORITY.revoking(other));
        TlsMaterial material = read(true);
        assertNull(material.objection(List.of(own.certificate()), System.currentTimeMillis()));
        String objection = material.objection(List.of(other.certificate()), System.currentTimeMillis());
        assertNotNull(objection);
        assertTrue(objection.endsWith("is revoked"), objection);
        Authority.put(directory.resolve("crl"), AUTHORITY.revoking(own));
        refused(TlsFile.CERTIFICATE, "is revoked");
        Authority.put(directory.resolve("crl"), new Authority("members").revoking(other));
        refused(TlsFile.REVOCATION, "that none of the certificates in");
        Authority.put(directory.resolve("crl"), "nothing");
        refused(TlsFile.REVOCATION, "crl");
    }
}
