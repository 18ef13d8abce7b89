package io.holdfast.lock.acl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one caller may do by one document, compiled. Immutable and for any thread.
 *
 * <p>Names and prefixes are in one sorted array. All that lies between a prefix and a name that begins with it begins
 * with it too, so the last entry that is not above a name leads, by its parents, to each entry that covers the name:
 * one binary search a verdict, and nothing is allocated.
 */
public final class Rights {

    private static final int LOCK_VERBS = 3;
    private static final int VERBS = 7;

    private final String[] patterns;

    /** Index of the longest prefix that covers a pattern; -1 for none. */
    private final int[] parents;

    /** For each pattern and verb of locks, the policy that gives it there or at a parent; null for none. */
    private final @Nullable String[] policies;

    /** For each verb, the first policy that gives it anywhere; null for none. */
    private final @Nullable String[] anywhere;

    private final boolean isBound;

    private Rights(List<Entry> entries, @Nullable String[] anywhere, boolean isBound) {
        this.anywhere = anywhere;
        this.isBound = isBound;
        this.patterns = new String[entries.size()];
        this.parents = new int[entries.size()];
        this.policies = new @Nullable String[entries.size() * LOCK_VERBS];
        for (int i = 0; i < patterns.length; i++) {
            Entry entry = entries.get(i);
            patterns[i] = entry.pattern;
            int parent = i - 1;
            while (parent >= 0 && !(isPrefix(patterns[parent]) && entry.pattern.startsWith(patterns[parent]))) {
                parent = parents[parent];
            }
            parents[i] = parent;
            for (int verb = 0; verb < LOCK_VERBS; verb++) {
                String inherited = parent < 0 ? null : policies[parent * LOCK_VERBS + verb];
                String own = entry.policies[verb];
                policies[i * LOCK_VERBS + verb] = own == null ? inherited : own;
            }
        }
    }

    /** What the rules for one name or prefix give. */
    private static final class Entry {
        final String pattern;
        final @Nullable String[] policies = new @Nullable String[LOCK_VERBS];

        Entry(String pattern) {
            this.pattern = pattern;
        }

        void give(int mask, String policy) {
            for (int verb = 0; verb < LOCK_VERBS; verb++) {
                if ((mask & 1 << verb) != 0 && policies[verb] == null) {
                    policies[verb] = policy;
                }
            }
        }
    }

    /** Compiles the rights of a caller. O(n log n) for n rules. */
    public static Rights of(AclDocument document, Subject subject) {
        @Nullable String[] anywhere = new @Nullable String[VERBS];
        List<Given> given = new ArrayList<>();
        boolean isBound = false;
        for (Binding binding : document.bindings()) {
            Policy policy = Names.matches(binding.to(), subject) ? document.policy(binding.policy()) : null;
            if (policy != null) {
                isBound = true;
                give(policy, subject, given, anywhere);
            }
        }
        given.sort(Comparator.comparing(Given::pattern).thenComparing(Given::policy));
        List<Entry> entries = new ArrayList<>();
        for (Given one : given) {
            Entry last = entries.isEmpty() ? null : entries.get(entries.size() - 1);
            if (last == null || !last.pattern.equals(one.pattern)) {
                last = new Entry(one.pattern);
                entries.add(last);
            }
            last.give(one.mask, one.policy);
        }
        return new Rights(entries, anywhere, isBound);
    }

    /** One rule for this caller. */
    private record Given(String pattern, int mask, String policy) {}

    private static void give(Policy policy, Subject subject, List<Given> given, @Nullable String[] anywhere) {
        for (Rule rule : policy.rules()) {
            int mask = rule.mask();
            if ((mask & Verb.ACQUIRE.bit()) != 0) {
                mask |= Verb.READ.bit();
            }
            String locks = rule.locksFor(subject);
            if (locks == null) {
                mask &= Verb.ADMIN_MASK;
            } else {
                given.add(new Given(locks, mask & Verb.LOCK_MASK, policy.name()));
            }
            for (int verb = 0; verb < VERBS; verb++) {
                String known = anywhere[verb];
                if ((mask & 1 << verb) != 0 && (known == null || known.compareTo(policy.name()) > 0)) {
                    anywhere[verb] = policy.name();
                }
            }
        }
    }

    /** Returns how many names and prefixes the rules of the caller have. */
    public int size() {
        return patterns.length;
    }

    /** Returns whether a binding is for the caller. */
    public boolean isBound() {
        return isBound;
    }

    /** Returns the policy that allows a verb for a lock; null when none does. */
    public @Nullable String policy(Verb verb, String lock) {
        int i = last(lock);
        while (i >= 0 && !covers(patterns[i], lock)) {
            i = parents[i];
        }
        return i < 0 ? null : policies[i * LOCK_VERBS + verb.index()];
    }

    /** Returns whether a verb is allowed for a lock. */
    public boolean allows(Verb verb, String lock) {
        return policy(verb, lock) != null;
    }

    /** Returns the policy that allows a verb, of locks for at least one name; null when none does. */
    public @Nullable String policy(Verb verb) {
        return anywhere[verb.index()];
    }

    /** Returns whether a verb is allowed; one of locks for at least one name. */
    public boolean allows(Verb verb) {
        return anywhere[verb.index()] != null;
    }

    /** Returns the locks that a verb is allowed for. O(n) for n rules. */
    public NameSet names(Verb verb) {
        List<String> widest = new ArrayList<>();
        for (int i = 0; i < patterns.length; i++) {
            boolean isCovered = parents[i] >= 0 && policies[parents[i] * LOCK_VERBS + verb.index()] != null;
            if (!isCovered && policies[i * LOCK_VERBS + verb.index()] != null) {
                widest.add(patterns[i]);
            }
        }
        return NameSet.ofPatterns(widest);
    }

    /** Returns the index of the last pattern that is not above a name; -1 for none. */
    private int last(String name) {
        int low = 0;
        int high = patterns.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (patterns[middle].compareTo(name) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    static boolean isPrefix(String pattern) {
        return pattern.isEmpty() || pattern.charAt(pattern.length() - 1) == '/';
    }

    private static boolean covers(String pattern, String name) {
        return isPrefix(pattern) ? name.startsWith(pattern) : pattern.equals(name);
    }
}
