package io.holdfast.server.audit;

import io.holdfast.api.ProblemType;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.audit.Operation.Purpose;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.config.AuditConfig;
import io.holdfast.server.edge.TraceParent;
import io.holdfast.server.replica.AccessRules;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Follows each request of the API and has it recorded when it has ended, by the level of the settings. */
@Singleton
public final class Audit {

    private static final String REVISION = "Holdfast-Revision";

    /** Refusals for lack of identity or of rights, or by limits. */
    private static final Set<String> DENIALS = EnumSet.of(
                    ProblemType.UNAUTHENTICATED,
                    ProblemType.FORBIDDEN,
                    ProblemType.NOT_YOURS,
                    ProblemType.ID_TAKEN,
                    ProblemType.FOREIGN_ORIGIN,
                    ProblemType.FOREIGN_HOST,
                    ProblemType.NOT_HERE,
                    ProblemType.TLS_REQUIRED,
                    ProblemType.AUTH_UNAVAILABLE,
                    ProblemType.LAST_ADMINISTRATOR,
                    ProblemType.NOT_AUDITED,
                    ProblemType.QUOTA_EXCEEDED,
                    ProblemType.RATE_LIMITED)
            .stream()
            .map(ProblemType::slug)
            .collect(Collectors.toUnmodifiableSet());

    private final AuditLog log;
    private final AccessRules rules;

    @Inject
    Audit(AuditLog log, AccessRules rules) {
        this.log = log;
        this.rules = rules;
    }

    /**
     * Follows a request until it has ended. On its event loop.
     *
     * @param arrived when its first byte came, by {@link System#nanoTime}
     */
    public void begin(RoutingContext request, Operation operation, long arrived) {
        AuditedCall call = AuditedCall.begin(request, operation, arrived);
        request.addEndHandler(over -> ended(request, call, over.succeeded()));
    }

    /** Returns whether a call must be refused because it could not be recorded; any thread. */
    public boolean refuses(Operation operation) {
        return operation.isPrivileged() && log.isUnableAndMandatory();
    }

    /**
     * Notes that a request takes from others what they have, as most requests of its kind do not.
     *
     * @param what it does, for people
     * @throws NotAuditedException when it must be refused because it could not be recorded
     */
    public void takes(RoutingContext request, String what) {
        AuditedCall call = AuditedCall.of(request);
        call.takes(what);
        if (refuses(call.operation())) {
            throw new NotAuditedException();
        }
    }

    private void ended(RoutingContext request, AuditedCall call, boolean answered) {
        boolean denied = call.problem() != null && DENIALS.contains(call.problem());
        if (!isRecorded(log.level(), call.operation().purpose(), denied)) {
            return;
        }
        HttpServerRequest http = request.request();
        AuditRecord.End end = new AuditRecord.End(
                answered,
                request.response().getStatusCode(),
                (System.nanoTime() - call.arrived()) / 1_000_000,
                request.response().headers().get(REVISION),
                rules.revision(),
                call.problem() == null ? policy(call) : null,
                origin(http));
        log.offer(new AuditRecord(call, System.currentTimeMillis(), end, 0), denied);
    }

    static boolean isRecorded(AuditConfig.Level level, Purpose purpose, boolean denied) {
        boolean isPrivileged = purpose == Purpose.ADMINISTRATION || purpose == Purpose.BREAK;
        return switch (level) {
            case ADMIN -> isPrivileged;
            case DENIED -> isPrivileged || denied;
            case WRITES -> isPrivileged || denied || purpose == Purpose.WRITE || purpose == Purpose.RETURN;
            case ALL -> true;
        };
    }

    private @Nullable String policy(AuditedCall call) {
        Verb verb = call.operation().verb();
        Caller caller = call.caller();
        if (verb == null || caller == null) {
            return null;
        }
        return rules.allowing(
                caller,
                verb,
                verb.isOfLocks() && !call.locks().isEmpty() ? call.locks().get(0) : null);
    }

    private static AuditRecord.Origin origin(HttpServerRequest http) {
        // The address of the connection: a header proves none.
        SocketAddress remote = http.connection().remoteAddress(true);
        String host = remote == null ? null : remote.hostAddress();
        String trace = TraceParent.of(http.headers());
        return new AuditRecord.Origin(
                host == null ? "unknown" : host, http.isSSL() ? "tls" : "plain", trace.isEmpty() ? null : trace);
    }
}
