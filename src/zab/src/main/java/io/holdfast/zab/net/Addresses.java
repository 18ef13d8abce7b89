package io.holdfast.zab.net;

import io.vertx.core.net.SocketAddress;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** Tells callers apart by where they call from. */
final class Addresses {

    /** Of an IPv6 address: one host usually has all that share it. */
    private static final int PREFIX_BYTES = 8;

    private Addresses() {}

    /** Returns the caller's address without its port; of an IPv6 address outside this machine its /64 network. */
    static String network(SocketAddress remote) {
        String host = remote.hostAddress();
        if (host == null || host.indexOf(':') < 0) {
            return String.valueOf(host);
        }
        try {
            // A literal, so no resolver is asked.
            InetAddress address = InetAddress.getByName(host);
            if (address instanceof Inet6Address && !address.isLoopbackAddress()) {
                byte[] bytes = address.getAddress();
                Arrays.fill(bytes, PREFIX_BYTES, bytes.length, (byte) 0);
                return InetAddress.getByAddress(bytes).getHostAddress() + "/64";
            }
            return address.getHostAddress();
        } catch (UnknownHostException e) {
            return host;
        }
    }
}
