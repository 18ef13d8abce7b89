package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.lock.lease.Deadlines;
import io.holdfast.server.replica.KeptAlive;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The answer to a keepalive.
 *
 * @param ttlMs the lease runs this long, counted from the moment the client SENT its request
 * @param driftPerMille as in {@link OpenedSession}
 * @param grants what the session holds and waits for; absent unless asked for
 * @param moreGrants how many of them are not told for want of room; absent when all are
 * @param notices what the session must know, such as a request to yield
 */
@Schema(
        description = "A lease that a quorum confirmed after the request arrived. "
                + "The client counts ttlMs, less driftPerMille thousandths, from the moment it sent the request.")
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Keepalive(
        long ttlMs,
        int driftPerMille,
        @Nullable List<GrantBody> grants,
        @Nullable Integer moreGrants,
        List<NoticeBody> notices) {

    /**
     * Makes the body.
     *
     * @param grants whether they were asked for
     */
    public static Keepalive of(KeptAlive kept, boolean grants) {
        return new Keepalive(
                kept.ttlMs(),
                Deadlines.DRIFT_PER_MILLE,
                grantsOf(kept, grants),
                moreGrants(kept, grants),
                NoticeBody.of(kept.noticed()));
    }

    static @Nullable List<GrantBody> grantsOf(KeptAlive kept, boolean grants) {
        return grants ? kept.grants().stream().map(GrantBody::of).toList() : null;
    }

    static @Nullable Integer moreGrants(KeptAlive kept, boolean grants) {
        return grants && kept.more() > 0 ? kept.more() : null;
    }
}
