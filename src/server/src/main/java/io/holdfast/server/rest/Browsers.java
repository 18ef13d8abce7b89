package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.server.config.Exposure;
import io.holdfast.server.rest.problem.Problem;
import io.netty.util.NetUtil;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Refuses what a page of another site has a browser send. Such a page reaches a node that its user reaches, one on the
 * loopback address too: by a plain form, or with a name of its own that leads to that address.
 */
final class Browsers {

    private static final int HTTP_PORT = 80;
    private static final int HTTPS_PORT = 443;

    private final boolean onLoopback;
    private final @Nullable String advertised;

    /**
     * Makes the rule of one node.
     *
     * @param listensAt the host of the settings of the HTTP server
     * @param advertised URL of this node in the settings
     */
    Browsers(String listensAt, Optional<String> advertised) {
        this.onLoopback = Exposure.isLoopback(listensAt);
        this.advertised = advertised.map(Browsers::hostOf).orElse(null);
    }

    private static @Nullable String hostOf(String url) {
        try {
            return new URI(url).getHost();
        } catch (URISyntaxException e) {
            return null;
        }
    }

    /** Returns what is wrong with the host and the origin of a request, or nothing. */
    Optional<Problem> refusal(HttpServerRequest http) {
        return refusal(http.authority(), http.getHeader("Origin"), http.isSSL());
    }

    /**
     * As {@link #refusal(HttpServerRequest)}.
     *
     * @param asked the host of the request
     * @param origin the header of that name
     * @param secured whether the request came over TLS
     */
    Optional<Problem> refusal(@Nullable HostAndPort asked, @Nullable String origin, boolean secured) {
        if (asked != null && onLoopback && !secured && isForeign(asked.host())) {
            return Optional.of(Problem.of(
                    ProblemType.FOREIGN_HOST,
                    "This node serves its own machine only, and the request names another host; use localhost, an"
                            + " address, or the host of holdfast.http.advertised."));
        }
        if (origin != null && !isOwn(origin, asked, secured)) {
            return Optional.of(Problem.of(
                    ProblemType.FOREIGN_ORIGIN,
                    "A page of another site may not use this node: the header Origin is of another host than the"
                            + " request."));
        }
        return Optional.empty();
    }

    /** A name that an attacker can own has a dot, and is no address. */
    private boolean isForeign(String host) {
        String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
        boolean address = NetUtil.createByteArrayFromIpAddressString(name) != null;
        return !address
                && name.indexOf('.') >= 0
                && !name.toLowerCase(Locale.ROOT).endsWith(".localhost")
                && !name.equalsIgnoreCase(advertised);
    }

    private static boolean isOwn(String origin, @Nullable HostAndPort asked, boolean secured) {
        try {
            URI from = new URI(origin);
            String host = from.getHost();
            return asked != null
                    && host != null
                    && host.equalsIgnoreCase(bracketed(asked.host()))
                    && isSamePort(from, asked, secured);
        } catch (URISyntaxException e) {
            return false;
        }
    }

    /** Behind a proxy that ends TLS both have the port of their scheme, and say none. */
    private static boolean isSamePort(URI from, HostAndPort asked, boolean secured) {
        boolean fromSecured = "https".equalsIgnoreCase(from.getScheme());
        return (from.getPort() <= 0 && asked.port() <= 0)
                || port(from.getPort(), fromSecured) == port(asked.port(), secured);
    }

    private static String bracketed(String host) {
        return host.indexOf(':') < 0 || host.startsWith("[") ? host : "[" + host + "]";
    }

    private static int port(int port, boolean secured) {
        if (port > 0) {
            return port;
        }
        return secured ? HTTPS_PORT : HTTP_PORT;
    }
}
