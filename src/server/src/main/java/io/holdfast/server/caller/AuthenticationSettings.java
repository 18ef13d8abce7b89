package io.holdfast.server.caller;

import io.holdfast.server.config.AuthConfig;
import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import io.holdfast.server.config.IssuerConfig;
import io.holdfast.server.config.KubernetesAuthConfig;
import io.holdfast.server.tls.NodeTls;
import io.vertx.core.Vertx;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes what authenticates requests of the operator's settings, and checks these. */
final class AuthenticationSettings {

    private static final String ISSUERS = "holdfast.auth.issuers.";
    private static final String KUBERNETES = "holdfast.auth.kubernetes";
    /** Where Kubernetes mounts what a pod asks the API server with. */
    private static final Path MOUNTED = Path.of("/", "var", "run", "secrets", "kubernetes.io", "serviceaccount");

    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]{0,31}");

    /** With which principals and groups of other kinds begin. */
    private static final Set<String> RESERVED = Set.of("k8s", "cert", "key", "jwt", "group", "anonymous");

    private AuthenticationSettings() {}

    @Produces
    @Singleton
    static Authentication authentication(HoldfastConfig config, AccessKeys keys, NodeTls tls, Vertx vertx) {
        List<TokenIssuer> issuers = issuers(config.auth(), vertx);
        // A node starts whether or not its issuers can be reached; the first token finds the keys there.
        issuers.forEach(issuer -> issuer.keys().fetch());
        Tokens tokens = new Tokens(vertx, issuers, System::currentTimeMillis);
        return new Authentication(config.auth(), keys, tokens, objection(tls), System::currentTimeMillis);
    }

    private static ClientCertificates.Objection objection(NodeTls tls) {
        return new ClientCertificates.Objection() {
            @Override
            public @Nullable String to(List<X509Certificate> chain) {
                return tls.clientObjection(chain);
            }

            @Override
            public boolean isOwn(List<X509Certificate> chain) {
                return tls.isItself(chain);
            }
        };
    }

    /**
     * Returns the issuers that the settings name.
     *
     * @throws BadConfiguration naming the key
     */
    static List<TokenIssuer> issuers(AuthConfig config, Vertx vertx) {
        List<TokenIssuer> issuers = new ArrayList<>();
        Map<String, String> names = new HashMap<>();
        new TreeMap<>(config.issuers()).forEach((name, issuer) -> {
            TokenIssuer made = issuer(name, issuer, vertx);
            String other = names.putIfAbsent(String.valueOf(made.issuer()), name);
            if (other != null) {
                throw new BadConfiguration(
                        ISSUERS + name, "has the same issuer as " + ISSUERS + other + "; one name is for one issuer");
            }
            issuers.add(made);
        });
        if (config.kubernetes().enabled()) {
            TokenIssuer made = kubernetes(config.kubernetes(), vertx);
            String other = names.get(String.valueOf(made.issuer()));
            if (other != null) {
                throw new BadConfiguration(
                        KUBERNETES + ".issuer", "is the issuer of " + ISSUERS + other + " too; take one of them out");
            }
            issuers.add(made);
        }
        return issuers;
    }

    private static TokenIssuer issuer(String name, IssuerConfig config, Vertx vertx) {
        String prefix = ISSUERS + name;
        if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
            throw new BadConfiguration(
                    prefix, "the name of an issuer is 1 to 32 of a-z 0-9 -, and none of " + new TreeSet<>(RESERVED));
        }
        if (config.url().isPresent() == config.jwksFile().isPresent()) {
            throw new BadConfiguration(prefix, "takes either url or jwks-file");
        }
        String audience = config.audience()
                .orElseThrow(() -> new BadConfiguration(
                        prefix + ".audience", "must be set: what the aud of its tokens must have"));
        String url = config.url().orElse(null);
        KeySource source;
        String issuer;
        if (url != null) {
            requireSafe(prefix + ".url", url);
            readable(prefix + ".ca", config.ca().orElse(null));
            source = new HttpKeySource(
                    vertx, new HttpKeySource.Terms(url, true, config.ca().orElse(null), null));
            issuer = config.issuer().orElse(url);
            if (!issuer.equals(url)) {
                throw new BadConfiguration(prefix + ".issuer", "goes with jwks-file; with url the URL is the issuer");
            }
        } else {
            Path file = config.jwksFile().orElseThrow();
            checkKeys(prefix + ".jwks-file", file);
            source = new FileKeySource(vertx, file.toAbsolutePath());
            issuer = config.issuer()
                    .orElseThrow(() -> new BadConfiguration(
                            prefix + ".issuer", "must be set with jwks-file: the iss of its tokens"));
        }
        TokenIssuer.Reading reading = TokenIssuer.jwt(
                name, config.principalClaim(), config.groupsClaim().orElse(null));
        return new TokenIssuer(
                new TokenIssuer.Terms(name, issuer, audience, reading),
                new IssuerKeys(prefix, source, System::nanoTime));
    }

    private static TokenIssuer kubernetes(KubernetesAuthConfig config, Vertx vertx) {
        requireSafe(KUBERNETES + ".url", config.url());
        Path ca = config.ca().orElse(MOUNTED.resolve("ca.crt"));
        Path token = config.tokenFile().orElse(MOUNTED.resolve("token"));
        readable(KUBERNETES + ".ca", ca);
        readable(KUBERNETES + ".token-file", token);
        HttpKeySource source = new HttpKeySource(vertx, new HttpKeySource.Terms(config.url(), false, ca, token));
        return new TokenIssuer(
                new TokenIssuer.Terms(
                        "kubernetes", config.issuer().orElse(null), config.audience(), TokenIssuer.kubernetes()),
                new IssuerKeys(KUBERNETES, source, System::nanoTime));
    }

    private static void requireSafe(String key, String url) {
        if (!HttpKeySource.isSafe(url) || url.endsWith("/")) {
            throw new BadConfiguration(
                    key, "'" + url + "' must be an https URL without a slash at its end (http only to this machine)");
        }
    }

    private static void readable(String key, @Nullable Path file) {
        if (file != null && !Files.isReadable(file)) {
            throw new BadConfiguration(key, "the file " + file + " is not there, or cannot be read");
        }
    }

    private static void checkKeys(String key, Path file) {
        try {
            IssuerKeys.parse(new KeySource.Fetched(null, Files.readString(file)));
        } catch (IOException e) {
            throw new BadConfiguration(key, "the file " + file + " is not there, or cannot be read");
        } catch (KeysUnavailable e) {
            throw new BadConfiguration(key, "the file " + file + ": " + e.getMessage());
        }
    }
}
