package io.holdfast.server.rest.input;

import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclCheck;
import io.holdfast.api.AclLimit;
import io.holdfast.api.AclMode;
import io.holdfast.api.AclPolicy;
import io.holdfast.api.AclRule;
import io.holdfast.api.NewAccessKey;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.InvalidAclException;
import io.holdfast.lock.acl.Limit;
import io.holdfast.lock.acl.Observers;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rule;
import io.holdfast.lock.acl.Subject;
import io.holdfast.lock.acl.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Rules of access as bodies say them: turned into those that are replicated, which know their own bounds. Each method
 * throws an {@link InvalidAclException} that names the field.
 */
public final class AclInputs {

    /** The name of an entry while only its form is looked at; the path of a request has the real one. */
    private static final String ANY = "any";

    private AclInputs() {}

    /**
     * Returns a document.
     *
     * @param mode that it has when the body names none
     */
    public static AclDocument document(AclBody body, io.holdfast.lock.acl.AclMode mode) {
        List<Policy> policies = new ArrayList<>();
        for (Map.Entry<String, List<AclRule>> policy : body.policies().entrySet()) {
            policies.add(within("policies." + policy.getKey(), () -> policy(policy.getKey(), policy.getValue())));
        }
        List<Binding> bindings = new ArrayList<>();
        for (int i = 0; i < body.bindings().size(); i++) {
            AclBinding binding = body.bindings().get(i);
            bindings.add(within("bindings[" + i + "]", () -> binding(binding.name(), binding)));
        }
        List<Limit> limits = new ArrayList<>();
        for (int i = 0; i < body.limits().size(); i++) {
            AclLimit limit = body.limits().get(i);
            limits.add(within("limits[" + i + "]", () -> limit(given("name", limit.name()), limit)));
        }
        return new AclDocument(
                body.mode() == null ? mode : mode(body.mode()),
                observers(body.observers()),
                policies,
                bindings,
                limits);
    }

    /** Returns a mode. */
    public static io.holdfast.lock.acl.AclMode mode(@Nullable String text) {
        io.holdfast.lock.acl.AclMode mode = io.holdfast.lock.acl.AclMode.of(given("mode", text));
        if (mode == null) {
            throw new InvalidAclException("mode", "must be open, observe or enforce");
        }
        return mode;
    }

    private static Observers observers(@Nullable String text) {
        Observers observers = text == null ? Observers.LOCKS : Observers.of(text);
        if (observers == null) {
            throw new InvalidAclException("observers", "must be all, locks or none");
        }
        return observers;
    }

    /** Returns a policy of that name. */
    public static Policy policy(String name, @Nullable List<AclRule> rules) {
        List<Rule> all = new ArrayList<>();
        List<AclRule> listed = given("rules", rules);
        for (int i = 0; i < listed.size(); i++) {
            AclRule rule = listed.get(i);
            all.add(within("rules[" + i + "]", () -> Rule.of(given("verbs", rule.verbs()), rule.locks())));
        }
        return new Policy(name, all);
    }

    /**
     * Returns a binding.
     *
     * @param name null for that of its policy
     */
    public static Binding binding(@Nullable String name, AclBinding body) {
        String policy = given("policy", body.policy());
        return new Binding(name == null ? policy : name, policy, given("to", body.to()));
    }

    /** Returns a limit of that name. */
    public static Limit limit(String name, AclLimit body) {
        return new Limit(
                name,
                given("to", body.to()),
                bound("sessions", body.sessions()),
                bound("grants", body.grants()),
                bound("streams", body.streams()),
                bound("rps", body.rps()));
    }

    private static int bound(String field, @Nullable Integer bound) {
        if (bound != null && bound < 0) {
            throw new InvalidAclException(field, "must be a whole number, 0 to " + Limit.MAX);
        }
        return bound == null ? Limit.NONE : bound;
    }

    /** Returns the principal, groups and attributes of a question. */
    public static Subject subject(AclCheck body) {
        List<String> groups = body.groups() == null ? List.of() : body.groups();
        if (groups.size() > AclDocument.TO_PER_BINDING) {
            throw new InvalidAclException("groups", "must have at most " + AclDocument.TO_PER_BINDING + " names");
        }
        String principal = given("principal", body.principal());
        TreeMap<String, String> attributes = new TreeMap<>();
        String[] parts = principal.split(":", -1);
        if (parts.length == 3 && parts[0].equals("k8s")) {
            attributes.put("k8s.namespace", parts[1]);
        }
        return new Subject(principal, groups, attributes);
    }

    /** Returns the verb that a question is about. */
    public static Verb verb(AclCheck body) {
        Verb verb = Verb.of(given("verb", body.verb()));
        if (verb == null) {
            throw new InvalidAclException(
                    "verb", "must be read, acquire, break, admin:members, admin:backup, admin:acl or admin:sessions");
        }
        if (!verb.isOfLocks() && body.lock() != null) {
            throw new InvalidAclException("lock", "goes with read, acquire and break only; leave it out");
        }
        return verb;
    }

    // ---- rules of bodies ----

    static void document(AclBody body, Findings found) {
        check(found, () -> document(body, io.holdfast.lock.acl.AclMode.OPEN));
    }

    static void mode(AclMode body, Findings found) {
        check(found, () -> mode(body.mode()));
    }

    static void policy(AclPolicy body, Findings found) {
        check(found, () -> policy(ANY, body.rules()));
    }

    static void binding(AclBinding body, Findings found) {
        check(found, () -> binding(ANY, body));
    }

    static void limit(AclLimit body, Findings found) {
        check(found, () -> limit(ANY, body));
    }

    static void question(AclCheck body, Findings found) {
        check(found, () -> subject(body));
        check(found, () -> verb(body));
        found.optional("lock", body.lock(), Texts::lockName);
    }

    static void newKey(NewAccessKey body, Findings found) {
        found.given("name", body.name(), AclInputs::keyName);
        found.optional("expires", body.expires(), Findings.duration("1m", "8760h"));
    }

    /** The first key, of the settings, has a name that no other has. */
    private static Optional<String> keyName(String name) {
        return name.equals("bootstrap") ? Optional.of("must not be that of the first key") : Texts.aclName(name);
    }

    private static void check(Findings found, Supplier<?> made) {
        try {
            if (made.get() == null) {
                throw new IllegalStateException("nothing was made");
            }
        } catch (InvalidAclException e) {
            found.add(e.field(), e.problem());
        }
    }

    private static <T> T within(String place, Supplier<T> made) {
        try {
            return made.get();
        } catch (InvalidAclException e) {
            throw e.within(place);
        }
    }

    private static <T> T given(String field, @Nullable T value) {
        return Optional.ofNullable(value).orElseThrow(() -> new InvalidAclException(field, "must be given"));
    }
}
