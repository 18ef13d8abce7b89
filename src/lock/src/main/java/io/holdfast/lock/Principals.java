package io.holdfast.lock;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.Allowance;
import io.holdfast.lock.acl.Limit;
import io.holdfast.lock.acl.Subject;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What each principal has in the table: sessions, and grants and tickets of them. It is derived from the sessions, and
 * so is in no snapshot and in no digest. A principal is known by its name alone, since commands do not name its groups.
 */
final class Principals {

    /** What one principal has; one object for all its sessions, so that a grant is counted without a search. */
    static final class Use {
        int sessions;
        int grants;

        /** The rules that {@link #allowance} was made of. */
        private @Nullable Acl acl;

        private Allowance allowance = Allowance.UNBOUNDED;
    }

    private final Map<String, Use> uses = new LinkedHashMap<>();

    /** Counts a session of an owner, and returns the use that its grants are to be counted in. */
    Use join(String owner) {
        Use use = uses.computeIfAbsent(owner, name -> new Use());
        use.sessions++;
        return use;
    }

    /** A session has ended, and all its grants before it. */
    void leave(Session session) {
        Use use = session.use;
        if (use != null && --use.sessions == 0) {
            uses.remove(session.owner);
        }
    }

    /** A session has one grant or ticket more, or less. */
    void count(Session session, int more) {
        Use use = session.use;
        if (use != null) {
            use.grants += more;
        }
    }

    /** Returns whether what is counted is what these sessions have, which are all; for checks. */
    boolean areThoseOf(Iterable<Session> sessions) {
        Map<String, Use> counted = new TreeMap<>();
        for (Session session : sessions) {
            Use use = counted.computeIfAbsent(session.owner, owner -> new Use());
            use.sessions++;
            for (Grant grant = session.first; grant != null; grant = grant.next) {
                use.grants++;
            }
        }
        boolean same = counted.keySet().equals(uses.keySet());
        for (Map.Entry<String, Use> each : counted.entrySet()) {
            Use use = uses.get(each.getKey());
            same = same
                    && use != null
                    && use.sessions == each.getValue().sessions
                    && use.grants == each.getValue().grants;
        }
        return same;
    }

    /** Returns what a principal has. */
    PrincipalView view(String owner) {
        Use use = uses.get(owner);
        return use == null ? PrincipalView.NOTHING : new PrincipalView(use.sessions, use.grants);
    }

    /**
     * Returns the refusal when a principal would have more than the limits of the rules let it; null when it may. What
     * it has already stays, also above a limit that was lowered.
     *
     * @param sessions further ones
     * @param grants further ones
     */
    @Nullable
    Result refusal(Acl acl, String owner, int sessions, int grants) {
        if (owner.isEmpty() || !acl.isEnforced() || acl.document().limits().isEmpty()) {
            return null;
        }
        Use use = uses.get(owner);
        Allowance allowance = allowance(acl, owner, use);
        if (isAbove(allowance.sessions(), use == null ? 0 : use.sessions, sessions)) {
            return new Result.QuotaExceeded(Quota.PRINCIPAL_SESSIONS, allowance.sessions(), null);
        }
        return isAbove(allowance.grants(), use == null ? 0 : use.grants, grants)
                ? new Result.QuotaExceeded(Quota.PRINCIPAL_GRANTS, allowance.grants(), null)
                : null;
    }

    private static boolean isAbove(int bound, int present, int more) {
        return bound != Limit.NONE && more > 0 && present + more > bound;
    }

    /** Rules change rarely: they are looked up once for each principal that has sessions. */
    private static Allowance allowance(Acl acl, String owner, @Nullable Use use) {
        if (use == null) {
            return Allowance.of(acl.document(), new Subject(owner));
        }
        Acl known = use.acl;
        if (known == null || known.revision() != acl.revision()) {
            use.acl = acl;
            use.allowance = Allowance.of(acl.document(), new Subject(owner));
        }
        return use.allowance;
    }
}
