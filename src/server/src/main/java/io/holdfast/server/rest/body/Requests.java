package io.holdfast.server.rest.body;

import io.holdfast.api.BreakingRequest;
import io.holdfast.api.Durations;
import io.holdfast.api.GrantRequest;
import io.holdfast.api.LockRequest;
import io.holdfast.api.MemberPatch;
import io.holdfast.api.Metadata;
import io.holdfast.api.NewMember;
import io.holdfast.api.SessionOpening;
import io.holdfast.api.TransferRequest;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import io.holdfast.server.config.HostPort;
import io.holdfast.server.replica.AcquireRequest;
import io.holdfast.server.replica.BreakRequest;
import io.holdfast.server.replica.MemberChange;
import io.holdfast.server.replica.SessionRequest;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Turns what a valid body says into what the lock service is asked. */
public final class Requests {

    private static final Duration DRAIN = Duration.ofSeconds(30);

    private Requests() {}

    /**
     * Returns what takes a ticket.
     *
     * @param poll how long the request is held
     */
    public static AcquireRequest acquire(GrantRequest body, String grant, Duration poll) {
        return new AcquireRequest(
                grant, given(body.session()), claims(body), duration(body.waitFor()), text(body.metadata()), poll);
    }

    /** Returns what opens a session. */
    public static SessionRequest open(SessionOpening body, @Nullable String idempotencyKey) {
        return new SessionRequest(
                idempotencyKey,
                body.ttl() == null ? null : Durations.require(body.ttl()),
                body.name() == null ? "" : body.name(),
                text(body.metadata()),
                duration(body.lockDelay()));
    }

    /** Returns what takes a lock from its holder. */
    public static BreakRequest breakLock(BreakingRequest body, String lock, String by) {
        return new BreakRequest(
                lock, given(body.grant()), body.token(), by, given(body.reason()), duration(body.after()));
    }

    /** Returns how long a wish to hand locks over stands. */
    public static Duration drain(TransferRequest body) {
        return body.drain() == null ? DRAIN : Durations.require(body.drain());
    }

    /** Returns what adds a member. */
    public static MemberChange add(NewMember body) {
        HostPort at = HostPort.of(given(body.address()));
        return new MemberChange.Add(given(body.id()), at.host(), at.port());
    }

    /** Returns what changes a member; what is absent stays. */
    public static MemberChange update(int id, MemberPatch body) {
        HostPort at = body.address() == null ? null : HostPort.of(body.address());
        return new MemberChange.Update(
                id,
                body.role() == null ? null : body.role().equals("voter"),
                at == null ? null : at.host(),
                at == null ? 0 : at.port());
    }

    /** Returns the mode that a body names. */
    public static Mode mode(@Nullable String text) {
        return text == null ? Mode.EXCLUSIVE : Mode.valueOf(text.toUpperCase(Locale.ROOT));
    }

    /** The lock table takes locks in the order of their names. */
    private static List<Claim> claims(GrantRequest body) {
        List<LockRequest> locks = body.locks();
        if (locks == null) {
            return List.of(claim(body.lock(), body.mode(), body.permits(), body.limit()));
        }
        return locks.stream()
                .map(lock -> claim(lock.name(), lock.mode(), lock.permits(), lock.limit()))
                .sorted(Comparator.comparing(Claim::lock))
                .toList();
    }

    private static Claim claim(
            @Nullable String lock, @Nullable String mode, @Nullable Integer permits, @Nullable Integer limit) {
        return new Claim(given(lock), mode(mode), permits == null ? 1 : permits, limit == null ? 0 : limit);
    }

    /** Returns what the rules of a body require. */
    public static <T> T given(@Nullable T field) {
        return Objects.requireNonNull(field);
    }

    private static Duration duration(@Nullable String text) {
        return text == null ? Duration.ZERO : Durations.require(text);
    }

    /** Returns the text that is replicated: empty when nothing was given. */
    private static String text(@Nullable Metadata given) {
        return given == null ? "" : given.json();
    }
}
