package io.holdfast.server.rest.model;

import io.holdfast.server.replica.KeptAlive;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/**
 * The answer to a keepalive.
 *
 * @param ttlMs the lease runs this long, counted from the moment the client SENT its request
 * @param grants what the session holds and waits for
 * @param notices what the session must know, such as a request to yield
 */
@Schema(
        description = "A lease that a quorum confirmed after the request arrived. "
                + "The client counts ttlMs from the moment it sent the request.")
public record Keepalive(long ttlMs, List<GrantBody> grants, List<NoticeBody> notices) {

    public static Keepalive of(KeptAlive kept) {
        return new Keepalive(
                kept.ttlMs(), kept.grants().stream().map(GrantBody::of).toList(), NoticeBody.of(kept.grants()));
    }
}
