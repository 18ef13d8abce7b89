package io.holdfast.server.store;

import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a store that speaks S3 is reached; credentials come from where the AWS tools look for them.
 *
 * @param endpoint null for that of AWS
 * @param region null for what the environment, the profile or the machine says
 * @param pathStyle whether the bucket is part of the path, and not of the host's name
 */
public record S3Settings(@Nullable URI endpoint, @Nullable String region, boolean pathStyle) {

    /** Signed into requests where a store of one's own has no regions. */
    private static final String REGION_OF_ANY = "us-east-1";

    /**
     * Completes what was given by what the environment says.
     *
     * @param endpoint as {@code http://host:port} or {@code https://host}; null when it was not given
     * @param region null when it was not given
     * @param pathStyle {@code true} or {@code false}; null when it was not given: a store of one's own has it, AWS not
     * @throws IllegalArgumentException naming what is wrong
     */
    public static S3Settings of(
            @Nullable String endpoint,
            @Nullable String region,
            @Nullable String pathStyle,
            Map<String, String> environment) {
        String own = first(endpoint, environment.get("AWS_ENDPOINT_URL_S3"), environment.get("AWS_ENDPOINT_URL"));
        String where = first(region, environment.get("AWS_REGION"), environment.get("AWS_DEFAULT_REGION"));
        if (pathStyle != null && !pathStyle.matches("true|false")) {
            throw new IllegalArgumentException("path style must be true or false, not '" + pathStyle + "'");
        }
        boolean inPath = pathStyle == null ? own != null : pathStyle.equals("true");
        if (where != null && !where.matches("[a-z0-9-]{1,63}")) {
            throw new IllegalArgumentException("'" + where + "' is no region");
        }
        return new S3Settings(
                own == null ? null : uri(own), where == null && own != null ? REGION_OF_ANY : where, inPath);
    }

    private static URI uri(String endpoint) {
        if (!endpoint.matches("https?://[^/?#@\\s]+/?")) {
            throw new IllegalArgumentException(
                    "'" + endpoint + "' is no endpoint; write it as https://s3.example.org or http://10.0.0.9:9000");
        }
        return URI.create(endpoint);
    }

    private static @Nullable String first(@Nullable String... values) {
        for (String value : values) {
            if (value != null && !value.isBlank()) {
                return value;
            }
        }
        return null;
    }
}
