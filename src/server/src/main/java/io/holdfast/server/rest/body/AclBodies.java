package io.holdfast.server.rest.body;

import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclLimit;
import io.holdfast.api.AclPolicy;
import io.holdfast.api.AclRule;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.Limit;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rule;
import io.holdfast.server.replica.Revision;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The rules of access as the API shows them. */
public final class AclBodies {

    private AclBodies() {}

    /** Returns all rules. */
    public static AclBody of(Acl acl) {
        Map<String, List<AclRule>> policies = new TreeMap<>();
        acl.document().policies().forEach(policy -> policies.put(policy.name(), rules(policy)));
        return new AclBody(
                revision(acl),
                acl.mode().text(),
                acl.document().observers().text(),
                policies,
                acl.document().bindings().stream().map(AclBodies::of).toList(),
                acl.document().limits().stream().map(AclBodies::of).toList());
    }

    /** Returns the entity tag of the rules. */
    public static String tag(Acl acl) {
        return '"' + revision(acl) + '"';
    }

    private static String revision(Acl acl) {
        return Revision.unpack(acl.revision()).toString();
    }

    public static AclPolicy of(Policy policy) {
        return new AclPolicy(rules(policy));
    }

    public static AclBinding of(Binding binding) {
        return new AclBinding(binding.name(), binding.policy(), binding.to());
    }

    public static AclLimit of(Limit limit) {
        return new AclLimit(
                limit.name(),
                limit.to(),
                bound(limit.sessions()),
                bound(limit.grants()),
                bound(limit.streams()),
                bound(limit.rps()));
    }

    private static @Nullable Integer bound(int bound) {
        return bound == Limit.NONE ? null : bound;
    }

    private static List<AclRule> rules(Policy policy) {
        return policy.rules().stream().map(AclBodies::of).toList();
    }

    private static AclRule of(Rule rule) {
        return new AclRule(rule.verbs(), rule.locks());
    }
}
