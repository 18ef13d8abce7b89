package io.holdfast.server.audit;

import io.holdfast.lock.Claim;
import io.holdfast.server.audit.Operation.Purpose;
import io.holdfast.server.caller.Caller;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of one request for its record: values that were read out of it and checked, never its text. On the
 * event loop of the request until it has ended, then immutable.
 */
public final class AuditedCall {

    private static final String KEY = AuditedCall.class.getName();

    private final long arrived;
    private Operation operation;
    private @Nullable Caller caller;
    private @Nullable String lock;
    private List<Claim> claims = List.of();
    private @Nullable String session;
    private @Nullable String grant;
    private long token;
    private @Nullable String detail;
    private @Nullable String problem;
    private @Nullable String refusedVerb;
    private @Nullable String refusedLock;

    AuditedCall(Operation operation, long arrived) {
        this.operation = operation;
        this.arrived = arrived;
    }

    static AuditedCall ofNothing() {
        return new AuditedCall(Operation.NONE, System.nanoTime());
    }

    /** Begins the record of a request. */
    static AuditedCall begin(RoutingContext request, Operation operation, long arrived) {
        AuditedCall call = new AuditedCall(operation, arrived);
        request.put(KEY, call);
        return call;
    }

    /** Returns that of a request; one that the gate did not see has none that is kept. */
    public static AuditedCall of(RoutingContext request) {
        AuditedCall call = request.get(KEY);
        return call == null ? ofNothing() : call;
    }

    /** Sets the caller, once it is proved. */
    public void caller(Caller proved) {
        this.caller = proved;
    }

    /** Sets the lock that it is about. */
    public AuditedCall lock(String name) {
        this.lock = name;
        return this;
    }

    /** Sets the locks that it asks for. */
    public AuditedCall claims(List<Claim> asked) {
        this.claims = asked;
        return this;
    }

    /** Sets the session that it is about. */
    public AuditedCall session(@Nullable String id) {
        this.session = id;
        return this;
    }

    /** Sets the grant that it is about. */
    public AuditedCall grant(@Nullable String id) {
        this.grant = id;
        return this;
    }

    /** Sets the fencing token that it names; null for none. */
    public AuditedCall token(@Nullable Long fencing) {
        this.token = fencing == null ? 0 : fencing;
        return this;
    }

    /** Sets a remark for people: why a lock is broken. */
    public AuditedCall detail(@Nullable String text) {
        this.detail = text;
        return this;
    }

    /**
     * Sets what is administered, for people: {@code adding member 4 at 10.0.0.4:7101}.
     *
     * @param dryRun whether it only shows what would be
     */
    public void administers(String what, boolean dryRun) {
        this.detail = what;
        this.operation = dryRun ? operation.with(Purpose.READ) : operation;
    }

    /** Sets that it takes from others what they have, as most requests of its kind do not. */
    void takes(String what) {
        this.detail = what;
        this.operation = operation.with(Purpose.BREAK);
    }

    /**
     * Notes the problem that it is answered with.
     *
     * @param slug of its type
     * @param verb that is not allowed; null for other problems
     * @param lock in question; null for none
     */
    public static void refused(RoutingContext request, String slug, @Nullable String verb, @Nullable String lock) {
        AuditedCall call = request.get(KEY);
        if (call != null) {
            call.refused(slug, verb, lock);
        }
    }

    void refused(String slug, @Nullable String verb, @Nullable String lock) {
        this.problem = slug;
        this.refusedVerb = verb;
        this.refusedLock = verb == null ? null : lock;
    }

    /** Returns the call of the API. */
    public Operation operation() {
        return operation;
    }

    long arrived() {
        return arrived;
    }

    @Nullable
    Caller caller() {
        return caller;
    }

    /** Returns the locks that it named, or the one that was refused. */
    List<String> locks() {
        if (!claims.isEmpty()) {
            return claims.stream().map(Claim::lock).toList();
        }
        String named = lock == null ? refusedLock : lock;
        return named == null ? List.of() : List.of(named);
    }

    @Nullable
    String session() {
        return session;
    }

    @Nullable
    String grant() {
        return grant;
    }

    long token() {
        return token;
    }

    @Nullable
    String detail() {
        return detail;
    }

    @Nullable
    String problem() {
        return problem;
    }

    /** Returns the verb that was refused, or the one that it needs; null for none. */
    @Nullable
    String verb() {
        if (refusedVerb != null) {
            return refusedVerb;
        }
        return operation.verb() == null ? null : operation.verb().text();
    }
}
