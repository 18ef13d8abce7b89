package io.holdfast.client;

import io.holdfast.client.internal.Clients;
import java.nio.file.Path;

/** Gives the value of the {@code Authorization} header. */
@FunctionalInterface
public interface Credential {

    /**
     * Returns the value, such as {@code Bearer …}; empty for no header. It is asked before every request, on the
     * client's own thread, so it must be quick.
     *
     * @param anew whether the last one was refused, so that a cached one is of no use
     */
    String authorization(boolean anew);

    /**
     * A credential in a file, as of a projected service account token: read when it is needed, again after 10 s when it
     * changed, and whenever it was refused. A file that cannot be read keeps what was read last, and is logged.
     *
     * @param file one line: a bearer credential, or the whole value of the header with its scheme
     * @throws IllegalArgumentException when it cannot be read now
     */
    static Credential file(Path file) {
        return Clients.credential(file);
    }
}
