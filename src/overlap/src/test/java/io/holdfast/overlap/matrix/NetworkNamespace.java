package io.holdfast.overlap.matrix;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A network namespace with one link to this one, which can be taken down inside it; needs root on Linux, and
 * {@code ip}. The addresses are of the range for benchmarks, which is routed nowhere.
 */
final class NetworkNamespace implements AutoCloseable {

    private static final long TOOL_SECONDS = 60;

    /** Networks of four addresses in 198.18.0.0/15. */
    private static final int NETWORKS = 1 << 15;

    private static final AtomicInteger NEXT = new AtomicInteger();

    private final String name;
    private final String here;
    private final String there;
    private final String gateway;

    /** Makes one. */
    NetworkNamespace() throws IOException, TimeoutException {
        var number = NEXT.getAndIncrement();
        var pid = ProcessHandle.current().pid();
        var block = (int) ((pid * 64 + number) % NETWORKS) * 4;
        // Names of interfaces have 15 characters at most.
        name = "hf" + Long.toString(pid, Character.MAX_RADIX) + "-" + Integer.toString(number, Character.MAX_RADIX);
        here = name + "h";
        there = name + "n";
        var network = "198." + (18 + (block >> 16)) + "." + (block >> 8 & 0xff) + ".";
        var first = block & 0xff;
        gateway = network + (first + 1);
        Runtime.getRuntime().addShutdownHook(new Thread(this::remove));
        run("ip", "netns", "add", name);
        run("ip", "link", "add", here, "type", "veth", "peer", "name", there, "netns", name);
        run("ip", "addr", "add", gateway + "/30", "dev", here);
        run("ip", "link", "set", here, "up");
        run("ip", "-n", name, "addr", "add", network + (first + 2) + "/30", "dev", there);
        run("ip", "-n", name, "link", "set", "lo", "up");
        link(true);
    }

    /** Whether this process may make them here; false says why on standard output. */
    static boolean isPossible() {
        try (var made = new NetworkNamespace()) {
            made.link(false);
            return true;
        } catch (IOException | TimeoutException e) {
            System.out.println("NOT TESTED: links taken down: " + e.getMessage());
            return false;
        }
    }

    /** Address of this side of the link. */
    InetAddress gateway() throws IOException {
        return InetAddress.getByName(gateway);
    }

    /** The beginning of a command that is to run inside. */
    List<String> prefix() {
        return List.of("ip", "netns", "exec", name);
    }

    /** Takes the link up, or down inside the namespace. */
    void link(boolean up) throws IOException, TimeoutException {
        run("ip", "-n", name, "link", "set", there, up ? "up" : "down");
    }

    private static void run(String... command) throws IOException, TimeoutException {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (!process.waitFor(TOOL_SECONDS, TimeUnit.SECONDS)) {
                throw new TimeoutException(String.join(" ", command));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new TimeoutException(String.join(" ", command));
        }
        if (process.exitValue() != 0) {
            throw new IOException(String.join(" ", command) + ": " + said.strip());
        }
    }

    @Override
    public void close() {
        remove();
    }

    private void remove() {
        for (var command : List.of(List.of("ip", "link", "delete", here), List.of("ip", "netns", "delete", name))) {
            try {
                run(command.toArray(String[]::new));
            } catch (IOException | TimeoutException gone) {
                // By an earlier call, or never made.
            }
        }
    }
}
