package io.holdfast.cli;

import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclRule;
import io.holdfast.api.ClusterBody;
import io.holdfast.api.KeyText;
import io.holdfast.client.Credential;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.TlsFiles;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiCalls;
import io.holdfast.client.spi.ApiRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What {@code ./holdfast up --secure} needs beside the nodes themselves: their certificates and the first access key,
 * made before they start, and the first rules, made once they serve. A program of its own, for the script.
 */
public final class SecureUp {

    /** File with the first access key. */
    static final String KEY = "first.key";

    /** Id that nodes know the first key by. */
    private static final String FIRST = "bootstrap";

    private SecureUp() {}

    /**
     * Runs one of the two: {@code prepare DIRECTORY ENSEMBLE NODES} prints the hash of the first key; {@code begin
     * DIRECTORY ENDPOINTS SECONDS} waits until all nodes serve and prints the id of the leader.
     */
    public static void main(String[] words) {
        try {
            Path directory = Path.of(words[1]);
            if (words[0].equals("prepare")) {
                System.out.println(prepare(directory, words[2], Integer.parseInt(words[3]), Instant.now()));
            } else {
                Duration within = Duration.ofSeconds(Integer.parseInt(words[3]));
                System.out.println(begin(directory, List.of(words[2].split(",")), within));
            }
        } catch (CommandException e) {
            end(e.exitCode(), e.getMessage());
        } catch (HoldfastException e) {
            end(ExitCode.UNAVAILABLE, e.getMessage());
        } catch (IOException e) {
            end(ExitCode.FAILED, FileFailures.words(e));
        } catch (InterruptedException e) {
            end(ExitCode.FAILED, "interrupted");
        }
    }

    private static void end(int code, @org.jspecify.annotations.Nullable String words) {
        System.err.println("holdfast: " + words);
        System.exit(code);
    }

    /** Has certificates and a first key, and returns the hash of the key. */
    static String prepare(Path directory, String ensemble, int nodes, Instant now) throws IOException {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        List<Integer> made = new LocalAuthority(directory, now).certify(ensemble, nodes);
        if (!made.isEmpty()) {
            System.err.println("holdfast: certificates of nodes " + made + " are in " + directory);
        }
        Path file = directory.resolve(KEY);
        if (!Files.exists(file)) {
            try (SecretFile secret = SecretFile.at(file.toString(), false)) {
                secret.write(KeyText.generate(FIRST, new SecureRandom()).text());
            }
        }
        return KeyText.parse(Files.readString(file).strip())
                .map(KeyText::hash)
                .orElseThrow(() -> CommandException.failed(
                        file + " has no access key; remove " + directory + " and the nodes' data beside it", null));
    }

    /** Waits until each node serves, has first rules where there are none, and returns the id of the leader. */
    static String begin(Path directory, List<String> endpoints, Duration within) throws InterruptedException {
        for (String endpoint : endpoints) {
            try (ApiCalls api = calls(directory, endpoint)) {
                api.call(ApiRequest.of("GET", "/v1/acl").within(within));
            }
        }
        try (ApiCalls api = calls(directory, endpoints.get(0))) {
            ApiAnswer answer =
                    api.call(ApiRequest.of("GET", "/v1/acl").within(within).expecting(AclBody::read));
            if (answer.status() == 200) {
                AclBody rules = answer.read(AclBody::read);
                if (rules.policies().isEmpty() && rules.bindings().isEmpty()) {
                    ruled(api, rules, within);
                }
            }
            ApiAnswer cluster =
                    api.call(ApiRequest.of("GET", "/v1/cluster").within(within).expecting(ClusterBody::read));
            return cluster.status() == 200
                    ? Objects.toString(cluster.read(ClusterBody::read).leader(), "")
                    : "";
        }
    }

    /** Lets the first key do what no setting does: use locks, and administrate everything beside the rules. */
    private static void ruled(ApiCalls api, AclBody present, Duration within) throws InterruptedException {
        List<AclRule> rules = List.of(
                new AclRule(List.of("admin:members", "admin:backup", "admin:sessions"), null),
                new AclRule(List.of("acquire", "break"), ""));
        AclBody first = new AclBody(
                null,
                "enforce",
                null,
                Map.of("first", rules),
                List.of(new AclBinding(null, "first", List.of("key:" + FIRST))),
                List.of());
        ApiAnswer answer = api.call(ApiRequest.of("PUT", "/v1/acl?force=true")
                .header("If-Match", "\"" + present.revision() + "\"")
                .body(first)
                .within(within)
                .expecting(AclBody::read));
        // Another up may have been first, when this one ended in between.
        if (answer.refusal().isPresent() && answer.status() != 412) {
            throw answer.refusal().get();
        }
    }

    private static ApiCalls calls(Path directory, String endpoint) {
        return HoldfastClient.builder()
                .endpoints(endpoint)
                .tls(TlsFiles.trusting(directory.resolve(LocalAuthority.AUTHORITY)))
                .credential(Credential.file(directory.resolve(KEY)))
                .buildCalls();
    }
}
