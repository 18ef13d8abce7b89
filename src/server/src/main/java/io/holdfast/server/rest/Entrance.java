package io.holdfast.server.rest;

import io.holdfast.api.ProblemType;
import io.holdfast.server.audit.Audit;
import io.holdfast.server.audit.AuditedCall;
import io.holdfast.server.audit.Operation;
import io.holdfast.server.caller.Authentication;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.caller.Denied;
import io.holdfast.server.edge.WarmUp;
import io.holdfast.server.limit.Held;
import io.holdfast.server.limit.RateLimits;
import io.holdfast.server.metrics.Meters;
import io.holdfast.server.replica.AccessRules;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.rest.problem.Problem;
import io.holdfast.server.rest.problem.RefusalProblems;
import io.holdfast.server.stream.PerAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds the caller of each request before its body is read, or rejects the request; and has requests recorded. */
@Singleton
final class Entrance {

    /** The challenge of a 401: the credentials that are accepted. */
    static final String CHALLENGE = "Bearer realm=\"holdfast\"";

    /** Requests of one address whose credentials are being checked at a time; most checks end at once. */
    private static final int CHECKS_PER_ADDRESS = 64;

    private final Authentication authentication;
    private final AccessRules rules;
    private final WarmUp warmUp;
    private final Audit audit;
    private final RateLimits limits;
    private final PerAddress checks = new PerAddress(CHECKS_PER_ADDRESS);

    @Inject
    Entrance(
            Authentication authentication,
            AccessRules rules,
            WarmUp warmUp,
            Audit audit,
            RateLimits limits,
            Meters meters) {
        this.authentication = authentication;
        this.rules = rules;
        this.warmUp = warmUp;
        this.audit = audit;
        this.limits = limits;
        for (Denied.Reason reason : Denied.Reason.values()) {
            meters.counter(
                    "holdfast.auth.denied",
                    "Requests whose credential made no caller, by reason",
                    authentication,
                    known -> known.denied(reason),
                    "reason",
                    reason.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
    }

    /**
     * Follows a request for its record.
     *
     * @param arrived when its first byte came, by {@link System#nanoTime}
     */
    void begin(RoutingContext request, Operation operation, long arrived) {
        audit.begin(request, operation, arrived);
    }

    /**
     * Sets the caller of a request and goes on, at once when its credential is known; or denies it. On the event loop
     * of the request.
     */
    void pass(RoutingContext request, Consumer<Problem> deny, Runnable admit) {
        Caller caller;
        try {
            caller = authentication.known(request.request());
        } catch (Denied denied) {
            deny.accept(problem(denied));
            return;
        }
        if (caller != null) {
            admit(request, caller, deny, admit);
            return;
        }
        if (Gate.hasBody(request.request())) {
            // Nothing of the body comes before its reader, which resumes it.
            request.request().pause();
        }
        String address = StreamedAnswer.address(request);
        if (!checks.enter(address)) {
            deny.accept(Problem.of(
                            ProblemType.RATE_LIMITED,
                            "The credentials of " + CHECKS_PER_ADDRESS
                                    + " requests of your address are being checked; send it again.")
                    .retryAfter(1));
            return;
        }
        authentication.check(request.request()).onComplete(checked -> {
            checks.leave(address);
            if (request.response().ended() || request.response().closed()) {
                return;
            }
            if (checked.succeeded()) {
                admit(request, checked.result(), deny, admit);
            } else {
                deny.accept(problem((Denied) checked.cause()));
            }
        });
    }

    private void admit(RoutingContext request, Caller caller, Consumer<Problem> deny, Runnable admit) {
        Callers.set(request, caller);
        AuditedCall call = AuditedCall.of(request);
        call.caller(caller);
        if (audit.refuses(call.operation())) {
            deny.accept(Problem.notAudited());
            return;
        }
        Problem limited = limited(request, caller, call.operation());
        if (limited == null) {
            admit.run();
        } else {
            deny.accept(limited);
        }
    }

    /** What keeps or gives back a lock is never limited: it would cost a client its lock. */
    private @Nullable Problem limited(RoutingContext request, Caller caller, Operation operation) {
        if (operation.purpose() == Operation.Purpose.KEEP || operation.purpose() == Operation.Purpose.RETURN) {
            return null;
        }
        long seconds = limits.seconds(caller);
        if (seconds > 0) {
            return Problem.rateLimited(caller.principal() + " sends more requests in a second than it may", seconds);
        }
        if (operation.equals(Operation.STREAM)) {
            Held held = limits.hold(caller);
            if (held == null) {
                return Problem.rateLimited(caller.principal() + " has as many streams at this node as it may", 5);
            }
            request.addEndHandler(over -> held.release());
        }
        return null;
    }

    /**
     * As {@link #pass}, and denies a request without a credential where rules are enforced. Not those with which this
     * node warms up: they are denied further down, by what they have to load.
     */
    void passKnown(RoutingContext request, Consumer<Problem> deny, Runnable admit) {
        pass(request, deny, () -> {
            Refused refused = rules.stranger(Callers.of(request));
            if (refused == null || warmUp.isOwn(request.request())) {
                admit.run();
            } else {
                deny.accept(RefusalProblems.of(refused));
            }
        });
    }

    private static Problem problem(Denied denied) {
        String detail = String.valueOf(denied.getMessage());
        return switch (denied.reason()) {
            case UNAUTHENTICATED ->
                Problem.of(ProblemType.UNAUTHENTICATED, detail)
                        .header("WWW-Authenticate", CHALLENGE + ", error=\"invalid_token\"");
            case TLS_REQUIRED -> Problem.of(ProblemType.TLS_REQUIRED, detail);
            case AUTH_UNAVAILABLE ->
                Problem.of(ProblemType.AUTH_UNAVAILABLE, detail).retryAfter(1);
            case RATE_LIMITED -> Problem.rateLimited(detail, 1);
        };
    }
}
