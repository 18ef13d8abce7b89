package io.holdfast.lock.acl;

import java.util.Arrays;
import java.util.List;

/**
 * A set of lock names: some names, and all that begin with one of some prefixes. Immutable and for any thread; two sets
 * are equal when they have the same names.
 *
 * <p>Its parts are sorted, and none covers another. All that lies between a prefix and a name that begins with it
 * begins with it too, so a name is in the set when the last part that is not above it covers it: one binary search, and
 * nothing is allocated.
 */
public final class NameSet {

    /** All names. */
    public static final NameSet ALL = new NameSet(new String[] {""}, new boolean[] {true});

    /** No name. */
    public static final NameSet NONE = new NameSet(new String[0], new boolean[0]);

    private final String[] parts;

    /** Whether a part is a prefix; else it is one name. */
    private final boolean[] prefixes;

    private final int hash;

    private NameSet(String[] parts, boolean[] prefixes) {
        this.parts = parts;
        this.prefixes = prefixes;
        this.hash = 31 * Arrays.hashCode(parts) + Arrays.hashCode(prefixes);
    }

    /** Returns all names that begin so. */
    public static NameSet beginningWith(String prefix) {
        return prefix.isEmpty() ? ALL : new NameSet(new String[] {prefix}, new boolean[] {true});
    }

    /**
     * Returns the names that patterns of rules cover: a pattern is a prefix when it is empty or ends in a slash.
     *
     * @param patterns sorted, and none covers another
     */
    static NameSet ofPatterns(List<String> patterns) {
        if (patterns.isEmpty()) {
            return NONE;
        }
        boolean[] prefixes = new boolean[patterns.size()];
        for (int i = 0; i < prefixes.length; i++) {
            prefixes[i] = Rights.isPrefix(patterns.get(i));
        }
        return new NameSet(patterns.toArray(String[]::new), prefixes);
    }

    /** Returns of how many names and prefixes it is made. */
    public int size() {
        return parts.length;
    }

    public boolean isEmpty() {
        return parts.length == 0;
    }

    /** Returns the text of a part: a name, or a prefix. */
    public String part(int index) {
        return parts[index];
    }

    /** Returns whether a part covers a name. */
    public boolean covers(int index, String name) {
        return prefixes[index] ? name.startsWith(parts[index]) : parts[index].equals(name);
    }

    /** Returns the index of the first part that covers a name or lies behind it; {@link #size} for none. */
    public int firstFrom(String name) {
        int last = last(name);
        return last >= 0 && covers(last, name) ? last : last + 1;
    }

    public boolean contains(String name) {
        int last = last(name);
        return last >= 0 && covers(last, name);
    }

    /** Returns whether all names that begin so are in the set. */
    public boolean containsAll(String prefix) {
        int last = last(prefix);
        return last >= 0 && prefixes[last] && prefix.startsWith(parts[last]);
    }

    /** Returns whether all names of another set are in this one. O(n log m). */
    public boolean containsAll(NameSet other) {
        for (int i = 0; i < other.parts.length; i++) {
            if (!(other.prefixes[i] ? containsAll(other.parts[i]) : contains(other.parts[i]))) {
                return false;
            }
        }
        return true;
    }

    /** Returns whether it has a name that begins so. */
    public boolean meets(String prefix) {
        int first = firstFrom(prefix);
        return containsAll(prefix) || (first < parts.length && parts[first].startsWith(prefix));
    }

    /** Returns those of its names that begin so. */
    public NameSet within(String prefix) {
        if (prefix.isEmpty()) {
            return this;
        }
        if (containsAll(prefix)) {
            return beginningWith(prefix);
        }
        int from = firstFrom(prefix);
        int to = from;
        while (to < parts.length && parts[to].startsWith(prefix)) {
            to++;
        }
        return from == to
                ? NONE
                : new NameSet(Arrays.copyOfRange(parts, from, to), Arrays.copyOfRange(prefixes, from, to));
    }

    /** Returns the index of the last part that is not above a name; -1 for none. */
    private int last(String name) {
        int low = 0;
        int high = parts.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (parts[middle].compareTo(name) <= 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high;
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof NameSet set
                        && hash == set.hash
                        && Arrays.equals(parts, set.parts)
                        && Arrays.equals(prefixes, set.prefixes));
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder("[");
        for (int i = 0; i < parts.length; i++) {
            text.append(i == 0 ? "" : ", ").append(parts[i]).append(prefixes[i] ? "*" : "");
        }
        return text.append(']').toString();
    }
}
