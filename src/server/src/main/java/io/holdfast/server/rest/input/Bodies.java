package io.holdfast.server.rest.input;

import static io.holdfast.server.rest.input.Findings.duration;
import static io.holdfast.server.rest.input.Findings.oneOf;
import static io.holdfast.server.rest.input.Findings.upTo;

import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclCheck;
import io.holdfast.api.AclLimit;
import io.holdfast.api.AclMode;
import io.holdfast.api.AclPolicy;
import io.holdfast.api.BreakingRequest;
import io.holdfast.api.CheckRequest;
import io.holdfast.api.GrantRequest;
import io.holdfast.api.Json;
import io.holdfast.api.KeepaliveOfMany;
import io.holdfast.api.LimitRequest;
import io.holdfast.api.LockRequest;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.MemberPatch;
import io.holdfast.api.ModeRequest;
import io.holdfast.api.NewAccessKey;
import io.holdfast.api.NewMember;
import io.holdfast.api.Problem.Violation;
import io.holdfast.api.SessionOpening;
import io.holdfast.api.Successor;
import io.holdfast.api.TransferRequest;
import io.holdfast.server.config.HostPort;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The bodies that calls take: how each is read, and the rules that it keeps beyond its form. The records belong to the
 * API, whose clients carry no framework, so the rules are code here and not annotations there.
 */
public final class Bodies {

    private static final String SEMAPHORE = "semaphore";
    private static final String PERMITS = "must be a whole number, 1 to " + Bounds.PERMITS_MAX;
    private static final String NODE_ID = "must be the id of a node, 1 to " + Bounds.NODE_ID_MAX;
    private static final String TOKEN = "must be a fencing token, 1 to " + EntityTags.MAX_TOKEN;
    private static final Pattern MODES = Pattern.compile("exclusive|shared|semaphore");
    private static final Pattern CHANGES = Pattern.compile("exclusive|shared");
    private static final Pattern ROLES = Pattern.compile("voter|observer");
    private static final Pattern FIRST_ROLE = Pattern.compile("observer");

    private static final Map<Class<?>, Body<?>> ALL = Map.ofEntries(
            Map.entry(GrantRequest.class, new Body<>(GrantRequest::read, Bodies::grant)),
            Map.entry(SessionOpening.class, new Body<>(SessionOpening::read, Bodies::session)),
            Map.entry(KeepaliveOfMany.class, new Body<>(KeepaliveOfMany::read, Bodies::keepalive)),
            Map.entry(ModeRequest.class, new Body<>(ModeRequest::read, Bodies::mode)),
            Map.entry(LimitRequest.class, new Body<>(LimitRequest::read, Bodies::limit)),
            Map.entry(TransferRequest.class, new Body<>(TransferRequest::read, Bodies::transfer)),
            Map.entry(BreakingRequest.class, new Body<>(BreakingRequest::read, Bodies::breaking)),
            Map.entry(CheckRequest.class, new Body<>(CheckRequest::read, Bodies::check)),
            Map.entry(NewMember.class, new Body<>(NewMember::read, Bodies::newMember)),
            Map.entry(MemberPatch.class, new Body<>(MemberPatch::read, Bodies::memberPatch)),
            Map.entry(AclBody.class, new Body<>(AclBody::read, AclInputs::document)),
            Map.entry(AclMode.class, new Body<>(AclMode::read, AclInputs::mode)),
            Map.entry(AclPolicy.class, new Body<>(AclPolicy::read, AclInputs::policy)),
            Map.entry(AclBinding.class, new Body<>(AclBinding::read, AclInputs::binding)),
            Map.entry(AclLimit.class, new Body<>(AclLimit::read, AclInputs::limit)),
            Map.entry(AclCheck.class, new Body<>(AclCheck::read, AclInputs::question)),
            Map.entry(NewAccessKey.class, new Body<>(NewAccessKey::read, AclInputs::newKey)),
            Map.entry(Successor.class, new Body<>(Successor::read, Bodies::successor)));

    private Bodies() {}

    private record Body<T extends Json.Writable>(Json.Reader<T> reader, BiConsumer<T, Findings> rules) {

        T read(byte[] document) throws MalformedJsonException {
            return Json.readRequest(document, reader);
        }

        @SuppressWarnings("unchecked")
        void check(Json.Writable body, Findings found) {
            rules.accept((T) body, found);
        }
    }

    private static Body<?> of(Class<?> type) {
        Body<?> body = ALL.get(type);
        if (body == null) {
            throw new IllegalArgumentException(type + " is not the body of a call");
        }
        return body;
    }

    /** Returns whether some call takes a body of that type. */
    public static boolean isBody(Class<?> type) {
        return ALL.containsKey(type);
    }

    /**
     * Reads a body of that type, which keeps its form and maybe not its rules.
     *
     * @throws MalformedJsonException naming the field and what it must be
     */
    public static Json.Writable read(Class<?> type, byte[] document) throws MalformedJsonException {
        return of(type).read(document);
    }

    /** Returns which rules a body breaks; none when it can be used. */
    static List<Violation> violations(Json.Writable body) {
        Findings found = new Findings();
        of(body.getClass()).check(body, found);
        return found.all();
    }

    private static void grant(GrantRequest body, Findings found) {
        found.given("session", body.session(), Texts::id);
        found.optional("lock", body.lock(), Texts::lockName);
        terms(body.mode(), body.permits(), body.limit(), found);
        found.optional("wait", body.waitFor(), duration("0s", Bounds.MAX_WAIT));
        found.metadata(body.metadata());
        List<LockRequest> locks = body.locks();
        if (locks == null) {
            if (body.lock() == null) {
                found.add("lock", "must be given, or locks");
            }
            return;
        }
        if (body.lock() != null) {
            found.add("locks", "must not be given beside lock");
        } else if (body.mode() != null) {
            found.add("mode", "must be given with each of the locks");
        }
        locks(locks, found);
    }

    private static void locks(List<LockRequest> locks, Findings found) {
        if (locks.isEmpty() || locks.size() > Bounds.LOCKS_MAX) {
            // The entries of a list that is too long are not looked at, so that a body costs no more than its bound.
            found.add("locks", "must have 1 to " + Bounds.LOCKS_MAX + " locks");
            return;
        }
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < locks.size(); i++) {
            LockRequest lock = locks.get(i);
            found.within("locks[" + i + "]", there -> {
                there.given("name", lock.name(), Texts::lockName);
                if (lock.name() != null && !names.add(lock.name())) {
                    there.add("name", "must not be the name of another lock of the ticket");
                }
                terms(lock.mode(), lock.permits(), lock.limit(), there);
            });
        }
    }

    /** Permits and a limit belong to a semaphore, which has a limit and no more permits than that. */
    private static void terms(
            @Nullable String mode, @Nullable Integer permits, @Nullable Integer limit, Findings found) {
        found.optional("mode", mode, oneOf(MODES, "must be exclusive, shared or semaphore"));
        found.optional("permits", permits, upTo(Bounds.PERMITS_MAX, PERMITS));
        found.optional("limit", limit, upTo(Bounds.PERMITS_MAX, PERMITS));
        if (SEMAPHORE.equals(mode)) {
            if (limit == null) {
                found.add("limit", "must be given for a semaphore: how many permits it has");
            } else if (permits != null && permits > limit) {
                found.add("permits", "must not be more than the limit of the semaphore");
            }
            return;
        }
        Function<Integer, Optional<String>> unwanted = value -> Optional.of("is for the mode semaphore only");
        found.optional("permits", permits, unwanted);
        found.optional("limit", limit, unwanted);
    }

    private static void session(SessionOpening body, Findings found) {
        found.optional("ttl", body.ttl(), duration("1ms", Bounds.MAX_WAIT));
        found.optional("name", body.name(), name -> Texts.plain(name, Bounds.SESSION_NAME_CHARS_MAX));
        found.metadata(body.metadata());
        found.optional("lockDelay", body.lockDelay(), duration("0s", Bounds.MAX_LOCK_DELAY));
    }

    private static void keepalive(KeepaliveOfMany body, Findings found) {
        List<String> ids = body.ids();
        if (ids == null || ids.isEmpty() || ids.size() > Bounds.IDS_MAX) {
            found.given("ids", ids, all -> Optional.of("must have 1 to " + Bounds.IDS_MAX + " ids"));
            return;
        }
        for (int i = 0; i < ids.size(); i++) {
            String id = ids.get(i);
            // The name of an entry is made only for one that is wrong: this is the call that comes most often.
            if (id == null || Texts.id(id).isPresent()) {
                found.given("ids[" + i + "]", id, Texts::id);
            }
        }
    }

    private static void mode(ModeRequest body, Findings found) {
        found.given("mode", body.mode(), oneOf(CHANGES, "must be exclusive or shared"));
    }

    private static void limit(LimitRequest body, Findings found) {
        found.given("limit", body.limit(), upTo(Bounds.PERMITS_MAX, PERMITS));
    }

    private static void transfer(TransferRequest body, Findings found) {
        found.given("to", body.to(), Texts::id);
        found.optional("drain", body.drain(), duration("0s", Bounds.MAX_WAIT));
    }

    private static void breaking(BreakingRequest body, Findings found) {
        found.given("grant", body.grant(), Texts::id);
        found.optional("token", body.token(), upTo(EntityTags.MAX_TOKEN, TOKEN));
        found.given("reason", body.reason(), reason -> Texts.plain(reason, Bounds.REASON_CHARS_MAX));
        found.optional("after", body.after(), duration("0s", Bounds.MAX_WAIT));
    }

    private static void check(CheckRequest body, Findings found) {
        found.given("token", body.token(), upTo(EntityTags.MAX_TOKEN, TOKEN));
    }

    private static void newMember(NewMember body, Findings found) {
        found.given("id", body.id(), upTo(Bounds.NODE_ID_MAX, NODE_ID));
        found.given("address", body.address(), HostPort::wrong);
        found.optional(
                "role",
                body.role(),
                oneOf(FIRST_ROLE, "must be observer or absent: a member gets its vote with PATCH once it is in step"));
    }

    private static void memberPatch(MemberPatch body, Findings found) {
        found.optional("role", body.role(), oneOf(ROLES, "must be voter or observer"));
        found.optional("address", body.address(), HostPort::wrong);
    }

    private static void successor(Successor body, Findings found) {
        found.optional("to", body.to(), upTo(Bounds.NODE_ID_MAX, NODE_ID));
    }
}
