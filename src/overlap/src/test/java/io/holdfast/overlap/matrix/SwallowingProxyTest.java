package io.holdfast.overlap.matrix;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.ensemble.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** That the proxy breaks what it is to break, and nothing after it carries again. */
@Timeout(120)
class SwallowingProxyTest {

    @Test
    void whatIsSwallowedIsGoneWithItsConnectionAndTheNextIsCarried() throws Exception {
        try (var server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var proxy = new SwallowingProxy(InetAddress.getLoopbackAddress(), server.getLocalPort());
                var client = dial(proxy);
                var accepted = server.accept()) {
            client.getOutputStream().write(1);
            assertEquals(1, accepted.getInputStream().read());
            accepted.getOutputStream().write(2);
            assertEquals(2, client.getInputStream().read());
            proxy.swallow();
            client.getOutputStream().write(3);
            Eventually.await("the byte is swallowed", Duration.ofSeconds(60), () -> proxy.swallowed() == 1);
            proxy.carry();
            assertThrows(IOException.class, () -> readOrFail(accepted), "nothing comes after a loss");
            try (var next = dial(proxy);
                    var nextAccepted = server.accept()) {
                next.getOutputStream().write(5);
                assertEquals(5, nextAccepted.getInputStream().read());
            }
        }
    }

    private static void readOrFail(Socket socket) throws IOException {
        if (socket.getInputStream().read() < 0) {
            throw new IOException("closed");
        }
    }

    private static Socket dial(SwallowingProxy proxy) throws IOException {
        return new Socket(proxy.address().getAddress(), proxy.address().getPort());
    }
}
