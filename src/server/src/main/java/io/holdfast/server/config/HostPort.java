package io.holdfast.server.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a member listens for the others, as settings, commands and the API have it: one form for all, so that what one
 * of them takes the others take too.
 *
 * @param host a name, an IPv4 address, or an IPv6 address without its brackets
 * @param port 1 to 65535
 */
public record HostPort(String host, int port) {

    private static final int HOST_MAX = 253;
    private static final int PORT_MAX = 65_535;
    private static final Pattern FORM =
            Pattern.compile("(?:([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)|\\[([0-9A-Fa-f:.]{2,45})]):([0-9]{1,5})");

    /**
     * Reads {@code host:port}.
     *
     * @throws IllegalArgumentException when {@link #wrong} has something to say
     */
    public static HostPort of(String text) {
        Optional<String> wrong = wrong(text);
        if (wrong.isPresent()) {
            throw new IllegalArgumentException(wrong.get());
        }
        return parts(text);
    }

    private static HostPort parts(String text) {
        Matcher parts = FORM.matcher(text);
        if (!parts.matches()) {
            throw new IllegalArgumentException("'" + text + "' is no address");
        }
        String name = parts.group(1);
        return new HostPort(name == null ? parts.group(2) : name, Integer.parseInt(parts.group(3)));
    }

    /** Says what keeps a text from being an address. */
    public static Optional<String> wrong(String text) {
        if (!FORM.matcher(text).matches()) {
            return Optional.of("must be host:port, the host a name or an address, an IPv6 address in brackets");
        }
        HostPort address = parts(text);
        if (address.port < 1 || address.port > PORT_MAX) {
            return Optional.of("must have a port of 1 to " + PORT_MAX + ", not " + address.port);
        }
        if (text.startsWith("[") && !isIpv6(address.host)) {
            return Optional.of("must have an IPv6 address in the brackets");
        }
        return address.host.length() > HOST_MAX
                ? Optional.of("must have a host of at most " + HOST_MAX + " characters")
                : Optional.empty();
    }

    private static boolean isIpv6(String host) {
        try {
            // In brackets it is a literal or nothing: no name service is asked.
            InetAddress.getByName("[" + host + "]");
            return true;
        } catch (UnknownHostException e) {
            return false;
        }
    }
}
