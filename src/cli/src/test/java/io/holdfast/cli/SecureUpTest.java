package io.holdfast.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The certificates and the first key of {@code up --secure}, with the JDK's real keytool. */
@Timeout(300)
class SecureUpTest {

    @TempDir
    private Path directory;

    private Map<String, String> contents() throws Exception {
        Map<String, String> contents = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                assertEquals(
                        "rw-------",
                        PosixFilePermissions.toString(Files.getPosixFilePermissions(file)),
                        file.toString());
                contents.put(
                        file.getFileName().toString(), Base64.getEncoder().encodeToString(Files.readAllBytes(file)));
            }
        }
        return contents;
    }

    private X509Certificate certificate(String name) throws Exception {
        return LocalAuthority.certificate(directory.resolve(name));
    }

    @Test
    void whatIsMadeIsKeptUntilItIsRenewed() throws Exception {
        Instant now = Instant.now();
        String hash = SecureUp.prepare(directory, "local", 1, now);
        assertTrue(hash.matches("[0-9a-f]{64}"), hash);
        Map<String, String> first = contents();
        assertEquals(
                List.of("authority.p12", "ca.crt", "first.key", "node-1.crt", "node-1.key"),
                List.copyOf(first.keySet()));
        assertEquals("rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(directory)));
        X509Certificate root = certificate("ca.crt");
        X509Certificate node = certificate("node-1.crt");
        node.verify(root.getPublicKey());
        assertTrue(root.getBasicConstraints() >= 0);
        assertEquals(List.of("1.3.6.1.5.5.7.3.1", "1.3.6.1.5.5.7.3.2"), node.getExtendedKeyUsage());
        List<?> names =
                node.getSubjectAlternativeNames().stream().map(List::toString).toList();
        assertEquals(List.of("[6, holdfast://local/member/1]", "[2, localhost]", "[7, 127.0.0.1]"), names);
        assertTrue(belongs(node), "the key is that of the certificate");

        assertEquals(hash, SecureUp.prepare(directory, "local", 1, now.plus(Duration.ofDays(100))));
        assertEquals(first, contents(), "what is good for long enough is kept");

        assertEquals(hash, SecureUp.prepare(directory, "local", 1, now.plus(Duration.ofDays(200))));
        Map<String, String> second = contents();
        assertEquals(first.get("ca.crt"), second.get("ca.crt"));
        assertEquals(first.get("first.key"), second.get("first.key"));
        assertNotEquals(first.get("node-1.crt"), second.get("node-1.crt"));
        assertTrue(belongs(certificate("node-1.crt")));

        SecureUp.prepare(directory, "local", 1, now.plus(Duration.ofDays(3600)));
        assertNotEquals(first.get("ca.crt"), contents().get("ca.crt"), "the authority ends within months");
        certificate("node-1.crt").verify(certificate("ca.crt").getPublicKey());
    }

    private boolean belongs(X509Certificate certificate) throws Exception {
        String pem = Files.readString(directory.resolve("node-1.key")).replaceAll("-----[A-Z ]+-----|\\n", "");
        PrivateKey key = KeyFactory.getInstance("EC")
                .generatePrivate(new PKCS8EncodedKeySpec(Base64.getDecoder().decode(pem)));
        Signature signature = Signature.getInstance("SHA256withECDSA");
        signature.initSign(key);
        signature.update((byte) 7);
        byte[] signed = signature.sign();
        signature.initVerify(certificate);
        signature.update((byte) 7);
        return signature.verify(signed);
    }

    @Test
    void aDamagedFileIsNamedWithWhatToDo() throws Exception {
        Files.writeString(directory.resolve("authority.p12"), "cut");
        CommandException damaged =
                assertThrows(CommandException.class, () -> SecureUp.prepare(directory, "local", 1, Instant.now()));
        String words = String.valueOf(damaged.getMessage());
        assertTrue(words.contains("authority.p12 is damaged"), words);
        assertTrue(words.contains("remove it to have certificates"), words);
    }
}
