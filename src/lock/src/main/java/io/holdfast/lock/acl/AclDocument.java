package io.holdfast.lock.acl;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The rules as administrators write them. Immutable; its lists are in the order of names.
 *
 * @param mode what becomes of a request that no rule allows
 * @param observers which requests members without a vote pass on
 * @param policies what may be given, at most {@link #POLICIES}
 * @param bindings to which principals and groups it is given, at most {@link #BINDINGS}
 * @param limits how much they may have, at most {@link #LIMITS}
 */
public record AclDocument(
        AclMode mode, Observers observers, List<Policy> policies, List<Binding> bindings, List<Limit> limits) {

    public static final int POLICIES = 1_000;
    public static final int RULES_PER_POLICY = 100;
    public static final int BINDINGS = 1_000;
    public static final int TO_PER_BINDING = 200;
    public static final int LIMITS = 200;

    /** Characters of the name of a policy, a binding, a limit or a key. */
    public static final int NAME_CHARS = 128;

    /** Characters of a principal or a group. */
    public static final int PRINCIPAL_CHARS = 512;

    /** Bytes of a whole document as it is replicated: about what one request can carry. */
    public static final int BYTES = 64 << 10;

    /** Allows nothing, and judges nothing. */
    public static final AclDocument EMPTY =
            new AclDocument(AclMode.OPEN, Observers.LOCKS, List.of(), List.of(), List.of());

    /** Checks the bounds, and that each policy that is given is there. */
    public AclDocument {
        policies = Names.inOrder("policies", policies, POLICIES, Policy::name);
        bindings = Names.inOrder("bindings", bindings, BINDINGS, Binding::name);
        limits = Names.inOrder("limits", limits, LIMITS, Limit::name);
        for (Binding binding : bindings) {
            if (find(policies, Policy::name, binding.policy()) == null) {
                throw new InvalidAclException(
                        "bindings." + binding.name() + ".policy",
                        "names the policy " + binding.policy() + ", which is not there");
            }
        }
    }

    public @Nullable Policy policy(String name) {
        return find(policies, Policy::name, name);
    }

    public @Nullable Binding binding(String name) {
        return find(bindings, Binding::name, name);
    }

    public @Nullable Limit limit(String name) {
        return find(limits, Limit::name, name);
    }

    /** Returns whether some binding gives a verb at all. */
    public boolean gives(Verb verb) {
        for (Binding binding : bindings) {
            Policy policy = policy(binding.policy());
            if (policy != null && policy.gives(verb)) {
                return true;
            }
        }
        return false;
    }

    AclDocument with(AclMode other) {
        return new AclDocument(other, observers, policies, bindings, limits);
    }

    /** Returns the document with an entry, in place of one of the same name if there is one. */
    AclDocument with(Policy policy) {
        return new AclDocument(mode, observers, put(policies, Policy::name, policy.name(), policy), bindings, limits);
    }

    AclDocument with(Binding binding) {
        return new AclDocument(
                mode, observers, policies, put(bindings, Binding::name, binding.name(), binding), limits);
    }

    AclDocument with(Limit limit) {
        return new AclDocument(mode, observers, policies, bindings, put(limits, Limit::name, limit.name(), limit));
    }

    /**
     * Returns the document without an entry.
     *
     * @throws InvalidAclException when there is none, or when a binding names it
     */
    AclDocument without(AclPart part, String name) {
        return switch (part) {
            case POLICIES ->
                new AclDocument(mode, observers, remove(part, policies, Policy::name, name), bindings, limits);
            case BINDINGS ->
                new AclDocument(mode, observers, policies, remove(part, bindings, Binding::name, name), limits);
            case LIMITS ->
                new AclDocument(mode, observers, policies, bindings, remove(part, limits, Limit::name, name));
        };
    }

    private static <T> @Nullable T find(List<T> items, Function<T, String> key, String name) {
        int low = 0;
        int high = items.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = key.apply(items.get(middle)).compareTo(name);
            if (order == 0) {
                return items.get(middle);
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    private static <T> List<T> put(List<T> items, Function<T, String> key, String name, @Nullable T item) {
        List<T> others = new ArrayList<>(items);
        others.removeIf(other -> key.apply(other).equals(name));
        if (item != null) {
            others.add(item);
        }
        return others;
    }

    private static <T> List<T> remove(AclPart part, List<T> items, Function<T, String> key, String name) {
        if (find(items, key, name) == null) {
            throw new InvalidAclException(part.text() + "." + name, AclPart.NOT_THERE);
        }
        return put(items, key, name, null);
    }
}
