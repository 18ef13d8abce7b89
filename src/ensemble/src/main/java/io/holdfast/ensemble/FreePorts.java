package io.holdfast.ensemble;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Finds ports that nobody listens on. They lie below the ports that kernels give to outgoing connections, so that a
 * node that is down for a while finds its own free again.
 */
public final class FreePorts {

    private static final int FIRST = 12_000;
    private static final int COUNT = 20_000;

    /**
     * Where the next search begins: two processes begin far from each other, and one finds no port again before all
     * others, for whoever it was found for may not listen yet.
     */
    private static final AtomicInteger NEXT = new AtomicInteger(
            (int) Math.floorMod(ProcessHandle.current().pid() * 7_919 + System.nanoTime() / 1_000, (long) COUNT));

    private FreePorts() {}

    /** Returns so many free ports of the loopback address; another process may of course be quicker to take them. */
    public static List<Integer> find(int wanted) throws IOException {
        var found = new ArrayList<Integer>();
        for (var i = 0; i < COUNT && found.size() < wanted; i++) {
            var port = FIRST + Math.floorMod(NEXT.getAndIncrement(), COUNT);
            if (isFree(port)) {
                found.add(port);
            }
        }
        if (found.size() < wanted) {
            throw new IOException(
                    "there are no " + wanted + " free ports between " + FIRST + " and " + (FIRST + COUNT));
        }
        return found;
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException taken) {
            return false;
        }
    }
}
