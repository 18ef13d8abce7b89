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

/**
 * Says what a caller may do: what the replicated rules give, and to the administrators of the settings all that
 * administrators may. For any thread; what was compiled for a caller is kept until the rules change.
 */
public final class Judge {

    /** The policy that is named when a setting allows something. */
    public static final String BY_SETTING = "holdfast.auth.administrators";

    /** The principal of the first key, whose hash is a setting; it may change rules until a rule lets others do so. */
    public static final String BOOTSTRAP = "key:bootstrap";

    /** Names and prefixes of all callers whose rights are kept, some 40 bytes each; a caller counts as one more. */
    private static final int KEPT_MAX = 200_000;

    private final AclDocument administrators;
    private final boolean hasBootstrap;
    private final Map<Caller, CallerRights> kept = new ConcurrentHashMap<>();
    private int keptWeight;

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

    /** Returns whether the settings name an administrator, independent of the rules. */
    public boolean hasAdministrators() {
        return administrators.gives(Verb.ADMIN_ACL);
    }

    /** Returns what a caller may do; compiled when its rules are asked for the first time. */
    public CallerRights rights(Acl acl, Caller caller) {
        CallerRights known = kept.get(caller);
        if (known != null && known.isOf(acl)) {
            return known;
        }
        Subject subject = new Subject(caller.principal(), caller.groups(), new TreeMap<>(caller.attributes()));
        boolean isBootstrap = hasBootstrap
                && caller.principal().equals(BOOTSTRAP)
                && !acl.document().gives(Verb.ADMIN_ACL);
        CallerRights compiled = new CallerRights(
                acl,
                caller.principal(),
                Rights.of(acl.document(), subject),
                Rights.of(administrators, subject),
                isBootstrap);
        keep(caller, compiled);
        return compiled;
    }

    private synchronized void keep(Caller caller, CallerRights compiled) {
        if (keptWeight + compiled.weight() > KEPT_MAX) {
            kept.clear();
            keptWeight = 0;
        }
        CallerRights replaced = kept.put(caller, compiled);
        keptWeight += compiled.weight() - (replaced == null ? 0 : replaced.weight());
    }
}
