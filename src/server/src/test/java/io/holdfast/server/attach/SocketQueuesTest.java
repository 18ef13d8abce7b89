package io.holdfast.server.attach;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SocketQueuesTest {

    private static final String HEAD =
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n";
    private static final long PATIENCE_NANOS = 60_000_000_000L;

    @TempDir
    Path directory;

    @Test
    void aConnectionIsNamedAsTheKernelListsIt() throws IOException {
        Path list = Files.writeString(
                directory.resolve("tcp"),
                HEAD
                        + "   0: 0100007F:1BBC 0200A8C0:C350 01 00000000:00000000\n"
                        + "   1: 0100007F:1BBC 0300A8C0:C350 01 0000002A:00000000 01:00000000\n");
        Path list6 = Files.writeString(
                directory.resolve("tcp6"),
                HEAD
                        + "   0: 00000000000000000000000001000000:1BBC"
                        + " B80D0120000000000000000001000000:0050 01 00000001:00000000\n"
                        + "   1: 0000000000000000FFFF00000100007F:1BBC"
                        + " 0000000000000000FFFF00000500A8C0:0051 01 00000001:00000000\n");

        assertEquals(
                Set.of(name("192.168.0.3", 50_000), name("2001:db8::1", 80), name("192.168.0.5", 81)),
                SocketQueues.waiting(List.of(list, list6, directory.resolve("none"))));
    }

    private static String name(String address, int port) throws IOException {
        return SocketQueues.name(7100, InetAddress.getByName(address).getAddress(), port);
    }

    @Test
    void aPeerThatTakesNothingIsFoundInTheListOfThisMachine() throws IOException {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var client = new Socket()) {
            client.setReceiveBufferSize(2_048);
            client.connect(new InetSocketAddress(server.getInetAddress(), server.getLocalPort()));
            try (var accepted = server.accept()) {
                String name = SocketQueues.name(
                        server.getLocalPort(), client.getLocalAddress().getAddress(), client.getLocalPort());
                accepted.setSendBufferSize(1 << 20);
                accepted.getOutputStream().write(new byte[200_000]);
                assertTrue(kernelLists().contains(name), () -> name + " is not listed");

                client.getInputStream().readNBytes(200_000);
                long deadline = System.nanoTime() + PATIENCE_NANOS;
                while (kernelLists().contains(name)) {
                    assertTrue(System.nanoTime() < deadline, () -> name + " is still listed");
                }
            }
        }
    }

    private static Set<String> kernelLists() throws IOException {
        return SocketQueues.waiting(List.of(Path.of("/proc/net/tcp"), Path.of("/proc/net/tcp6")));
    }
}
