package io.holdfast.zab.log;

import io.holdfast.zab.core.ServerId;
import java.nio.charset.StandardCharsets;

/**
 * Whose log it is; a directory that belongs to anybody else is refused.
 *
 * @param clusterId name of the ensemble, 1 to 255 bytes of UTF-8, the same on all its members for ever
 * @param server the member
 */
public record LogIdentity(String clusterId, ServerId server) {

    /** Checks the bounds. */
    public LogIdentity {
        int bytes = clusterId.getBytes(StandardCharsets.UTF_8).length;
        if (clusterId.isBlank() || bytes > 255) {
            throw new IllegalArgumentException("cluster id must have 1 to 255 bytes of UTF-8, not " + bytes);
        }
    }

    @Override
    public String toString() {
        return "cluster '" + clusterId + "' server " + server;
    }
}
