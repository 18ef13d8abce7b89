package io.holdfast.server.rest.problem;

import io.holdfast.api.ProblemType;
import io.holdfast.lock.WaitsFor;
import io.holdfast.server.replica.ConfigurationView;
import io.holdfast.server.replica.LockView;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.rest.body.ClusterBodies;
import io.holdfast.server.rest.body.LockBodies;
import io.holdfast.server.rest.body.WhyBodies;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Says what the lock service refused as a problem of the API. */
public final class RefusalProblems {

    /** Bound of the cycle in an answer: a longer one begins with these. */
    private static final int CYCLE_SHOWN = 100;

    /** A lock may be closed for a day, most of which may be over. */
    private static final long RETRY_MILLIS_MAX = 60_000;

    /** For clients that have no other node to ask. */
    private static final int RETRY_ELSEWHERE_SECONDS = 30;

    private RefusalProblems() {}

    /** Returns the problem, with {@code Retry-After} where a retry has a chance. */
    public static Problem of(Refused refused) {
        String detail = String.valueOf(refused.getMessage());
        return switch (refused.problem()) {
            case INVALID_REQUEST, REVISION_AHEAD -> Problem.invalid("request", detail);
            case SESSION_UNKNOWN -> Problem.of(ProblemType.SESSION_UNKNOWN, detail);
            case SESSION_ENDED -> Problem.of(ProblemType.SESSION_ENDED, detail);
            case GRANT_UNKNOWN -> Problem.of(ProblemType.GRANT_UNKNOWN, detail);
            case GRANT_ENDED -> Problem.of(ProblemType.GRANT_ENDED, detail);
            case GRANT_MISMATCH -> Problem.of(ProblemType.GRANT_MISMATCH, detail);
            case TOKEN_STALE -> Problem.of(ProblemType.TOKEN_STALE, detail);
            case DEADLOCK -> deadlock(detail, refused.cycle());
            case LIMIT_MISMATCH -> Problem.of(ProblemType.LIMIT_MISMATCH, detail);
            case MODE_REFUSED -> with(Problem.of(ProblemType.MODE_REFUSED, detail), refused.lock());
            case LIMIT_REFUSED -> Problem.of(ProblemType.LIMIT_REFUSED, detail);
            case SUPERSEDED -> Problem.of(ProblemType.SESSION_SUPERSEDED, detail);
            case TRANSFER_REFUSED -> Problem.of(ProblemType.TRANSFER_REFUSED, detail);
            case GRANT_WAITING -> Problem.of(ProblemType.GRANT_WAITING, detail);
            case LOCK_DELAYED -> delayed(detail, refused.lock());
            case LOCK_HELD -> held(detail, refused.lock());
            case QUOTA_EXCEEDED -> quota(detail, refused.bound());
            case NO_LEADER -> soon(Problem.of(ProblemType.NO_LEADER, detail));
            case OVERLOADED -> soon(Problem.of(ProblemType.OVERLOADED, detail));
            case NOT_READY -> soon(Problem.of(ProblemType.NOT_READY, detail));
            case MEMBER_UNKNOWN -> Problem.of(ProblemType.MEMBER_UNKNOWN, detail);
            case MEMBER_MISMATCH -> Problem.of(ProblemType.MEMBER_MISMATCH, detail);
            case CHANGE_IN_PROGRESS -> Problem.of(ProblemType.CHANGE_IN_PROGRESS, detail);
            case NOT_SYNCED -> Problem.of(ProblemType.NOT_SYNCED, detail);
            case NO_SUCCESSOR -> Problem.of(ProblemType.NO_SUCCESSOR, detail);
            case WOULD_LOSE_QUORUM -> Problem.of(ProblemType.WOULD_LOSE_QUORUM, detail);
            case VERSION_STALE -> Problem.of(ProblemType.VERSION_STALE, detail);
            case NOT_HERE -> elsewhere(ProblemType.NOT_HERE, detail, refused.members());
            case NOT_A_MEMBER ->
                elsewhere(ProblemType.NOT_A_MEMBER, detail, refused.members()).retryAfter(RETRY_ELSEWHERE_SECONDS);
            case UNAUTHENTICATED ->
                Problem.of(ProblemType.UNAUTHENTICATED, detail).header("WWW-Authenticate", "Bearer");
            case FORBIDDEN -> forbidden(detail, refused.right());
            case NOT_YOURS -> Problem.of(ProblemType.NOT_YOURS, detail);
            case ID_TAKEN -> Problem.of(ProblemType.ID_TAKEN, detail);
            case LAST_ADMINISTRATOR -> Problem.of(ProblemType.LAST_ADMINISTRATOR, detail);
            case ACL_UNKNOWN -> Problem.of(ProblemType.ACL_UNKNOWN, detail);
            case LEVEL_TOO_LOW -> Problem.of(ProblemType.LEVEL_TOO_LOW, detail).retryAfter(RETRY_ELSEWHERE_SECONDS);
            case OUTCOME_UNKNOWN -> outcomeUnknown(detail, refused.grant());
            case REJECTED_BY_LEADER -> Problem.of(ProblemType.INTERNAL_ERROR, detail);
            case NO_ROOM -> Problem.of(ProblemType.NO_ROOM, detail);
        };
    }

    private static Problem forbidden(String detail, Refused.@Nullable Right right) {
        Problem problem = Problem.of(ProblemType.FORBIDDEN, detail);
        return right == null ? problem : problem.with(document -> document.right(right.verb(), right.lock()));
    }

    private static Problem quota(String detail, Refused.@Nullable Bound bound) {
        Problem problem = Problem.of(ProblemType.QUOTA_EXCEEDED, detail).retryAfter(5);
        return bound == null ? problem : problem.with(document -> document.quota(bound.quota(), bound.limit()));
    }

    private static Problem soon(Problem problem) {
        return problem.retryAfter(RetryAfter.JITTERED.seconds());
    }

    private static Problem elsewhere(ProblemType type, String detail, List<ConfigurationView.Peer> others) {
        return Problem.of(type, detail).with(document -> document.members(ClusterBodies.peers(others)));
    }

    private static Problem held(String detail, @Nullable LockView lock) {
        Problem problem = Problem.of(ProblemType.LOCK_HELD, detail);
        return with(problem.retryAfter(RetryAfter.JITTERED.seconds(lock)), lock);
    }

    private static Problem outcomeUnknown(String detail, @Nullable String grant) {
        Problem problem = soon(Problem.of(ProblemType.OUTCOME_UNKNOWN, detail));
        return grant == null ? problem : problem.with(document -> document.grant(grant));
    }

    /** How much of the delay is left is known to the leader alone: the whole of it is time enough, up to a minute. */
    private static Problem delayed(String detail, @Nullable LockView lock) {
        Problem problem = Problem.of(ProblemType.LOCK_DELAYED, detail);
        if (lock == null) {
            return soon(problem);
        }
        return problem.with(document -> document.closed(lock.name(), lock.delayMs()))
                .retryAfter((Math.min(lock.delayMs(), RETRY_MILLIS_MAX) + 999) / 1000);
    }

    private static Problem deadlock(String detail, List<WaitsFor> cycle) {
        List<WaitsFor> shown = cycle.subList(0, Math.min(CYCLE_SHOWN, cycle.size()));
        return Problem.of(ProblemType.DEADLOCK, detail).with(document -> document.cycle(WhyBodies.cycle(shown)));
    }

    private static Problem with(Problem problem, @Nullable LockView lock) {
        if (lock == null) {
            return problem;
        }
        return problem.with(document -> document.held(lock.name(), LockBodies.inTheWay(lock), lock.waiting()));
    }
}
