package io.holdfast.server.replica;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Zab;
import io.holdfast.zab.node.RequestFailedException;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One request for a change of the members, until it is answered: it looks at what is in force, hands leadership over
 * when the leader is to leave, proposes, and looks again when nobody knows what became of a proposal, or when a member
 * that shall vote is not in step yet. A change says how one member shall be, so proposing it again does no harm.
 */
final class ChangeAttempt {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration HAND_OVER = Duration.ofSeconds(6);
    private static final Duration SETTLE = Duration.ofSeconds(5);
    private static final long PAUSE_MILLIS = 100;

    /** A leader binds disks and raises the level in changes of its own, which take milliseconds. */
    private static final Duration LEADERS_OWN = Duration.ofSeconds(2);

    private final Replica replica;
    private final MemberChange wanted;
    private final @Nullable Long ifVersion;
    private final boolean dryRun;
    private final long begunNanos = System.nanoTime();

    /** A proposal of this request may have been logged, and nobody has said what became of it. */
    private boolean maybeProposed;

    private boolean handedOver;

    /** The member that shall vote was not in step when it was proposed; other changes may come before it is. */
    private boolean waitsForMember;

    ChangeAttempt(Replica replica, MemberChange wanted, @Nullable Long ifVersion, boolean dryRun) {
        this.replica = replica;
        this.wanted = wanted;
        this.ifVersion = ifVersion;
        this.dryRun = dryRun;
    }

    /** Fails with {@link Refused}. */
    Future<ChangedMembers> run() {
        Promise<ChangedMembers> answer = Promise.promise();
        run(answer);
        return answer.future();
    }

    private void run(Promise<ChangedMembers> answer) {
        look().onComplete(looked -> {
            if (looked.failed()) {
                answer.fail(told(looked.cause()));
            } else if (looked.result() == null) {
                replica.vertx().setTimer(PAUSE_MILLIS, timer -> run(answer));
            } else {
                answer.complete(looked.result());
            }
        });
    }

    /** Completes with null when to look again may help. */
    private Future<ChangedMembers> look() {
        return replica.latestStatus().compose(this::decide);
    }

    private Future<ChangedMembers> decide(Zab.Status status) {
        Configuration now = status.configuration();
        Forecast forecast = new Forecast(status);
        if (maybeProposed && wanted instanceof MemberChange.Remove && !now.contains(new ServerId(wanted.id()))) {
            return inForce(forecast, now, true);
        }
        Configuration next = NextConfiguration.of(now, wanted, forecast::hasOtherDisk, this::at);
        boolean nothingToDo = next.equals(now);
        if (ifVersion != null && ifVersion != now.version() && !(nothingToDo && ifVersion == now.version() - 1)) {
            throw ClusterRefusals.of(Problem.VERSION_STALE, now, wanted, at());
        }
        if (nothingToDo) {
            return inForce(forecast, now, maybeProposed);
        }
        boolean handsOver = forecast.handsOver(next);
        if (dryRun || (handsOver && !handedOver)) {
            Problem refusal = forecast.refusal(next);
            if (refusal == null && handsOver && !forecast.hasSuccessor(next)) {
                refusal = Problem.NO_SUCCESSOR;
            }
            if (refusal != null) {
                throw refused(refusal, next);
            }
        }
        if (dryRun) {
            return Future.succeededFuture(changed(forecast, next, true, true, handsOver));
        }
        return handsOver ? handOver(next) : propose(forecast, next);
    }

    private Future<ChangedMembers> handOver(Configuration next) {
        return replica.handOff(null, HAND_OVER).compose(done -> {
            if (!done) {
                throw ClusterRefusals.of(Problem.NO_SUCCESSOR, next, wanted, at());
            }
            handedOver = true;
            return look();
        });
    }

    private Future<ChangedMembers> propose(Forecast forecast, Configuration next) {
        return replica.reconfigure(next, SETTLE)
                .map(settled -> changed(forecast, next, true, settled, handedOver))
                .recover(failure -> lookAgain(failure, next));
    }

    /** Answers once nobody who left is needed any more, whoever proposed it. */
    private Future<ChangedMembers> inForce(Forecast forecast, Configuration now, boolean byThis) {
        if (dryRun) {
            return Future.succeededFuture(changed(forecast, now, false, true, false));
        }
        return replica.settled(now.version(), SETTLE)
                .map(settled -> changed(forecast, now, byThis, settled, handedOver));
    }

    private ChangedMembers changed(
            Forecast forecast, Configuration then, boolean changed, boolean settled, boolean handsOver) {
        List<String> warnings = forecast.warnings(then);
        return new ChangedMembers(dryRun, changed, settled, handsOver, replica.view(then), warnings);
    }

    /** Completes where to look again may help, and fails where it cannot. */
    private Future<ChangedMembers> lookAgain(Throwable failure, Configuration next) {
        if (!(failure instanceof RequestFailedException failed)) {
            return Future.failedFuture(failure);
        }
        maybeProposed |= failed.failure() == RequestFailure.OUTCOME_UNKNOWN;
        waitsForMember |= failed.failure() == RequestFailure.VOTER_NOT_SYNCED;
        boolean waited = handedOver || maybeProposed || waitsForMember;
        Duration wait = replica.config().limits().inStepWait();
        Duration limit = waitsForMember ? LIMIT.plus(wait) : LIMIT;
        boolean mayHelp = switch (failed.failure()) {
            case OUTCOME_UNKNOWN, CONFIGURATION_CHANGED, LEADER_LEAVES -> isWithin(limit);
            case CHANGE_PENDING -> isWithin(waited ? limit : LEADERS_OWN);
            // It may be on its way, as right after it was started or after a hand-over, or be catching up.
            case VOTER_NOT_SYNCED -> isWithin(handedOver || maybeProposed ? limit : wait);
            case NO_QUORUM -> waited && isWithin(limit);
            case NO_LEADER, OVERLOADED, NOT_A_MEMBER, MALFORMED -> false;
        };
        return mayHelp ? Future.succeededFuture() : Future.failedFuture(refusalOf(failed, next));
    }

    private boolean isWithin(Duration limit) {
        return System.nanoTime() - begunNanos < limit.toNanos();
    }

    private Throwable refusalOf(RequestFailedException failed, Configuration next) {
        return switch (failed.failure()) {
            case CHANGE_PENDING -> ClusterRefusals.of(Problem.CHANGE_IN_PROGRESS, next, wanted, at());
            case VOTER_NOT_SYNCED -> refused(Problem.NOT_SYNCED, next);
            case NO_QUORUM -> ClusterRefusals.of(Problem.WOULD_LOSE_QUORUM, next, wanted, at());
            case LEADER_LEAVES -> ClusterRefusals.of(Problem.NO_SUCCESSOR, next, wanted, at());
            case CONFIGURATION_CHANGED -> ClusterRefusals.of(Problem.CHANGE_IN_PROGRESS, next, wanted, at());
            case NO_LEADER, OVERLOADED, OUTCOME_UNKNOWN, NOT_A_MEMBER, MALFORMED -> failed;
        };
    }

    private Refused refused(Problem problem, Configuration next) {
        return problem == Problem.NOT_SYNCED
                ? ClusterRefusals.notSynced(replica.status(), wanted, at())
                : ClusterRefusals.of(problem, next, wanted, at());
    }

    /** What may have been proposed may still happen, whatever was refused since. */
    private Throwable told(Throwable failure) {
        if (maybeProposed && !isFinal(failure)) {
            String message = "the change of member " + wanted.id() + " was proposed and not confirmed in time: it may"
                    + " take effect now, later or never; ask for it again";
            return new Refused(Problem.OUTCOME_UNKNOWN, message, at(), null);
        }
        return replica.translated(failure, true);
    }

    /** Another change was committed in place of this one, which can never be since its version is taken. */
    private static boolean isFinal(Throwable failure) {
        return failure instanceof Refused refused && refused.problem() == Problem.VERSION_STALE;
    }

    private AppliedAt at() {
        return replica.appliedAt(0);
    }
}
