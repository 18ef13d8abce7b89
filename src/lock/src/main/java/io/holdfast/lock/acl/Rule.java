package io.holdfast.lock.acl;

import io.holdfast.lock.Limits;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Verbs, and the locks that they are allowed for.
 *
 * @param mask bits of the verbs, at least one
 * @param locks a name, a prefix that ends in a slash, or empty for all locks; a segment may be <code>${NAME}</code>, an
 *     attribute of the caller. Null in a rule that has no verb of locks
 */
public record Rule(int mask, @Nullable String locks) {

    /** Checks the bounds. */
    public Rule {
        if (mask == 0 || (mask & ~Verb.MASK) != 0) {
            throw new InvalidAclException("verbs", "has at least one verb, and only those that there are");
        }
        boolean isOfLocks = (mask & Verb.LOCK_MASK) != 0;
        if (isOfLocks && locks == null) {
            throw new InvalidAclException("locks", "is required with read, acquire and break; \"\" is for all locks");
        }
        if (!isOfLocks && locks != null) {
            throw new InvalidAclException("locks", "goes with read, acquire and break only; leave it out");
        }
        String problem = locks == null ? null : problemOf(locks);
        if (problem != null) {
            throw new InvalidAclException("locks", problem);
        }
    }

    /**
     * Makes a rule of verbs as documents write them.
     *
     * @throws InvalidAclException for a verb that there is not
     */
    public static Rule of(List<String> verbs, @Nullable String locks) {
        int mask = 0;
        for (int i = 0; i < verbs.size(); i++) {
            int bits = Verb.bitsOf(verbs.get(i));
            if (bits == 0) {
                throw new InvalidAclException(
                        "verbs[" + i + "]",
                        "is read, acquire, break, admin, admin:members, admin:backup, admin:acl or admin:sessions");
            }
            mask |= bits;
        }
        return new Rule(mask, locks);
    }

    /** Returns the verbs as documents write them. */
    public List<String> verbs() {
        return Verb.texts(mask);
    }

    private static @Nullable String problemOf(String locks) {
        if (locks.isEmpty()) {
            return null;
        }
        if (locks.length() > Limits.LOCK_NAME_CHARS) {
            return "has at most " + Limits.LOCK_NAME_CHARS + " characters";
        }
        String sample = Template.fill(locks, name -> "x");
        if (sample == null) {
            return "has ${…} only as a whole segment with the name of an attribute: letters, digits, dots and dashes";
        }
        String name = sample.endsWith("/") ? sample.substring(0, sample.length() - 1) : sample;
        String problem = Limits.lockNameProblem(name);
        return problem == null ? null : "is a lock name, a prefix that ends in a slash, or empty: " + problem;
    }

    /** Returns the locks for a caller; null when it lacks an attribute that is one legal segment. */
    @Nullable
    String locksFor(Subject subject) {
        String pattern = locks;
        if (pattern == null || pattern.indexOf('$') < 0) {
            return pattern;
        }
        String filled = Template.fill(pattern, subject::attribute);
        return filled == null || filled.length() > Limits.LOCK_NAME_CHARS ? null : filled;
    }
}
