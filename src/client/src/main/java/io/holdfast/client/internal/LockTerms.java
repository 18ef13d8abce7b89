package io.holdfast.client.internal;

import io.holdfast.api.GrantBody;
import io.holdfast.api.GrantRequest;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Mode;
import io.holdfast.client.LockRequest;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a request for locks is on the wire, and which answer fits it. Any thread.
 *
 * @param request what is wanted
 * @param headers of the program, for all requests about it
 */
record LockTerms(LockRequest request, Map<String, String> headers) {

    List<String> names() {
        return request.names();
    }

    Mode mode() {
        return request.claims().get(0).mode();
    }

    /** The body that takes a ticket. */
    GrantRequest body(String session, String wait) {
        List<LockRequest.Claim> claims = request.claims();
        if (claims.size() > 1) {
            List<io.holdfast.api.LockRequest> locks = claims.stream()
                    .map(claim -> new io.holdfast.api.LockRequest(
                            claim.name(), claim.mode().text(), permits(claim), limit(claim)))
                    .toList();
            return new GrantRequest(session, null, null, null, null, locks, wait, request.metadata());
        }
        LockRequest.Claim claim = claims.get(0);
        return new GrantRequest(
                session,
                claim.name(),
                claim.mode().text(),
                permits(claim),
                limit(claim),
                null,
                wait,
                request.metadata());
    }

    private static @Nullable Integer permits(LockRequest.Claim claim) {
        return claim.mode() == Mode.SEMAPHORE ? claim.permits() : null;
    }

    private static @Nullable Integer limit(LockRequest.Claim claim) {
        return claim.mode() == Mode.SEMAPHORE ? claim.limit() : null;
    }

    /**
     * Requires that an answer is about this request: a grant that is another's must not be believed.
     *
     * @throws MalformedJsonException when it is not
     */
    void require(GrantBody answer, String grant, String session) throws MalformedJsonException {
        List<String> names = answer.locks() != null
                ? answer.locks().stream().map(GrantBody.HeldLock::name).toList()
                : answer.lock() != null ? List.of(answer.lock()) : List.of();
        if (!answer.id().equals(grant) || !answer.session().equals(session) || !names.equals(names())) {
            throw new MalformedJsonException("a grant that was not asked for: " + answer.id() + " on " + names);
        }
        String state = answer.state();
        if (!state.equals(GrantBody.GRANTED) && !state.equals(GrantBody.WAITING)) {
            throw new MalformedJsonException("a grant that is " + state);
        }
        if (answer.isGranted() && answer.token() == null) {
            throw new MalformedJsonException("a granted ticket without a token");
        }
    }

    /** The token of an answer that {@link #require} let through. */
    long token(GrantBody granted) {
        Long token = granted.token();
        if (token == null) {
            throw new IllegalArgumentException("no token");
        }
        return token;
    }
}
