package io.holdfast.operator.paper.kubelet;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Loopback addresses for pods, each with the same ports: a range of 250 for this process, which no other process that
 * asks the same way has at the time. For any thread.
 */
final class Addresses implements AutoCloseable {

    private static final int FIRST_BLOCK = 16;
    private static final int BLOCKS = 100;
    private static final int MARK = 7099;
    private static final int[] PORTS = {7100, 7101, 7102, 7143};

    private final ServerSocket mark;
    private final String prefix;
    private final Set<Integer> taken = new TreeSet<>();
    private int last;

    Addresses() throws IOException {
        var pid = ProcessHandle.current().pid();
        ServerSocket found = null;
        var range = "";
        for (var i = 0; i < BLOCKS && found == null; i++) {
            var number = pid + 7919L * i;
            range = "127." + (FIRST_BLOCK + number / 250 % BLOCKS) + "." + (1 + number % 250) + ".";
            found = bound(range + 254, MARK);
        }
        if (found == null) {
            throw new IOException("every range of loopback addresses is taken");
        }
        mark = found;
        prefix = range;
    }

    /** An address that no pod has; those of earlier pods come back last. */
    synchronized String take() throws IOException {
        for (var i = 0; i < 250; i++) {
            last = 1 + last % 250;
            if (!taken.contains(last) && isFree(prefix + last)) {
                taken.add(last);
                return prefix + last;
            }
        }
        throw new IOException("no address is free under " + prefix);
    }

    synchronized void giveBack(String address) {
        taken.remove(Integer.valueOf(address.substring(address.lastIndexOf('.') + 1)));
    }

    @Override
    public void close() throws IOException {
        mark.close();
    }

    private static boolean isFree(String address) throws IOException {
        for (var port : PORTS) {
            var socket = bound(address, port);
            if (socket == null) {
                return false;
            }
            socket.close();
        }
        return true;
    }

    private static @Nullable ServerSocket bound(String address, int port) throws IOException {
        var socket = new ServerSocket();
        try {
            socket.bind(new InetSocketAddress(InetAddress.getByName(address), port));
            return socket;
        } catch (IOException taken) {
            socket.close();
            return null;
        }
    }
}
