package io.holdfast.server.access;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.Rights;
import io.holdfast.lock.acl.Verb;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may do under one revision of the rules: by the replicated rules, and by the settings of this node.
 * Immutable and for any thread; nothing is allocated for a verdict.
 */
public final class CallerRights {

    private final Acl acl;
    private final String principal;
    private final Rights rights;
    private final Rights ofSetting;
    private final boolean isBootstrap;

    /** Made when it is asked for: most callers list and follow nothing. */
    private @Nullable Visible visible;

    /**
     * Creates one.
     *
     * @param isBootstrap whether this is the first key, and no rule lets others change rules yet
     */
    CallerRights(Acl acl, String principal, Rights rights, Rights ofSetting, boolean isBootstrap) {
        this.acl = acl;
        this.principal = principal;
        this.rights = rights;
        this.ofSetting = ofSetting;
        this.isBootstrap = isBootstrap;
    }

    boolean isOf(Acl current) {
        // The same object nearly always, for which this is one comparison.
        return acl.equals(current);
    }

    /** Returns how many names and prefixes are kept for it, and one for itself. */
    int weight() {
        return 1 + rights.size() + ofSetting.size();
    }

    /** Returns the policy that allows a verb for a lock; null when none does. */
    public @Nullable String policy(Verb verb, String lock) {
        return rights.policy(verb, lock);
    }

    /** Returns the policy that allows a verb of administrators, or one of locks for at least one; null for none. */
    public @Nullable String policy(Verb verb) {
        String policy = rights.policy(verb);
        if (policy != null) {
            return policy;
        }
        return isBootstrap && verb == Verb.ADMIN_ACL ? Judge.BOOTSTRAP : ofSetting.policy(verb);
    }

    /** Returns what the caller may see. */
    public Visible visible() {
        // Two threads may both make it, and make the same.
        Visible known = visible;
        if (known == null) {
            known = new Visible(
                    rights.names(Verb.READ),
                    policy(Verb.ADMIN_SESSIONS) != null ? "" : principal,
                    policy(Verb.ADMIN_MEMBERS) != null);
            visible = known;
        }
        return known;
    }

    /** Returns whether a rule or a setting names the caller at all. */
    public boolean isKnown() {
        return rights.isBound() || ofSetting.isBound();
    }
}
