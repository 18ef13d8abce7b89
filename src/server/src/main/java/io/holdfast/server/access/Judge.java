package io.holdfast.server.access;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.InvalidAclException;
import io.holdfast.lock.acl.Observers;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rights;
import io.holdfast.lock.acl.Rule;
import io.holdfast.lock.acl.Subject;
import io.holdfast.lock.acl.Verb;
import io.holdfast.server.caller.Caller;
import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.HoldfastConfig;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Says what a caller may do: what the replicated rules give, and to the administrators of the settings all that
 * administrators may. For any thread; what was compiled for a caller is kept until the rules change.
 */
public final class Judge {

    /** The policy that is named when a setting allows something. */
    public static final String BY_SETTING = "holdfast.auth.administrators";

    /** The principal of the first key, whose hash is a setting; it may change rules until a rule lets others do so. */
    public static final String BOOTSTRAP = "key:bootstrap";

    private static final int KEPT_MAX = 10_000;

    private final AclDocument administrators;
    private final boolean hasBootstrap;
    private final Map<Caller, Compiled> kept = new ConcurrentHashMap<>();

    private record Compiled(Acl acl, Rights rights, Rights ofSetting) {}

    /**
     * Creates one.
     *
     * @param administrators principals, or groups behind {@code group:}, as rules name them
     * @param hasBootstrap whether there is a first key
     * @throws io.holdfast.lock.acl.InvalidAclException when one of them is no such name
     */
    public Judge(List<String> administrators, boolean hasBootstrap) {
        this.administrators = administrators.isEmpty()
                ? AclDocument.EMPTY
                : new AclDocument(
                        AclMode.ENFORCE,
                        Observers.LOCKS,
                        List.of(new Policy(BY_SETTING, List.of(Rule.of(List.of(Verb.ADMIN), null)))),
                        List.of(new Binding(BY_SETTING, BY_SETTING, administrators)),
                        List.of());
        this.hasBootstrap = hasBootstrap;
    }

    /**
     * Returns the one of a node's settings.
     *
     * @throws BadConfiguration when an administrator is no principal
     */
    public static Judge of(HoldfastConfig config) {
        try {
            return new Judge(
                    config.auth().administrators().orElse(List.of()),
                    config.auth().bootstrapKeyHash().isPresent());
        } catch (InvalidAclException e) {
            throw new BadConfiguration(BY_SETTING, e.field() + " " + e.problem());
        }
    }

    /** Returns whether the settings make somebody an administrator, whatever the rules say. */
    public boolean hasAdministrators() {
        return administrators.gives(Verb.ADMIN_ACL);
    }

    /** Returns the policy that allows a verb for a lock; null when none does. */
    public @Nullable String policy(Acl acl, Caller caller, Verb verb, String lock) {
        return compiled(acl, caller).rights.policy(verb, lock);
    }

    /** Returns the policy that allows a verb of administrators, or one of locks for at least one; null for none. */
    public @Nullable String policy(Acl acl, Caller caller, Verb verb) {
        Compiled compiled = compiled(acl, caller);
        String policy = compiled.rights.policy(verb);
        if (policy != null) {
            return policy;
        }
        boolean isFirst = hasBootstrap
                && verb == Verb.ADMIN_ACL
                && caller.principal().equals(BOOTSTRAP)
                && !acl.document().gives(Verb.ADMIN_ACL);
        return isFirst ? BOOTSTRAP : compiled.ofSetting.policy(verb);
    }

    /** Returns what the rules give a caller, without what settings give. */
    public Rights rights(Acl acl, Caller caller) {
        return compiled(acl, caller).rights;
    }

    /** Returns whether a rule or a setting names the caller at all. */
    public boolean isKnown(Acl acl, Caller caller) {
        Compiled compiled = compiled(acl, caller);
        return compiled.rights.isBound() || compiled.ofSetting.isBound();
    }

    private Compiled compiled(Acl acl, Caller caller) {
        Compiled known = kept.get(caller);
        // The same object nearly always, for which this is one comparison.
        if (known != null && known.acl.equals(acl)) {
            return known;
        }
        if (kept.size() >= KEPT_MAX) {
            kept.clear();
        }
        Subject subject = new Subject(caller.principal(), caller.groups(), new TreeMap<>(caller.attributes()));
        Compiled compiled = new Compiled(acl, Rights.of(acl.document(), subject), Rights.of(administrators, subject));
        kept.put(caller, compiled);
        return compiled;
    }
}
