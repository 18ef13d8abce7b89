package io.holdfast.lock.acl;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bounds of texts and lists in rules. */
final class Names {

    private Names() {}

    /** Requires the name of a policy, binding, limit or key: it is a segment of a path. */
    static void requireName(String field, String name) {
        boolean fits = !name.isEmpty() && name.length() <= AclDocument.NAME_CHARS;
        for (int i = 0; fits && i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            fits = letter || (i > 0 && "._-".indexOf(c) >= 0);
        }
        if (!fits) {
            throw new InvalidAclException(
                    field,
                    "is 1 to " + AclDocument.NAME_CHARS
                            + " letters, digits, dots, underscores and dashes, and begins with a letter or a digit");
        }
    }

    /** Requires principals, groups and their beginnings. */
    static List<String> requireTo(List<String> to) {
        if (to.isEmpty() || to.size() > AclDocument.TO_PER_BINDING) {
            throw new InvalidAclException("to", "has 1 to " + AclDocument.TO_PER_BINDING + " names");
        }
        for (int i = 0; i < to.size(); i++) {
            String problem = problemOfPrincipal(to.get(i), true);
            if (problem != null) {
                throw new InvalidAclException("to[" + i + "]", problem);
            }
        }
        return List.copyOf(to);
    }

    /** Says what is wrong with a principal, or with the pattern of some; null for nothing. */
    static @Nullable String problemOfPrincipal(String text, boolean mayEndInStar) {
        if (text.isEmpty() || text.length() > AclDocument.PRINCIPAL_CHARS) {
            return "has 1 to " + AclDocument.PRINCIPAL_CHARS + " characters";
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isISOControl(c) || Character.isSurrogate(c)) {
                return "has no control characters and none beyond 16 bits; at index " + i + " there is one";
            }
            if (c == '*' && mayEndInStar && i < text.length() - 1) {
                return "has * only at its end; there is one at index " + i;
            }
        }
        return null;
    }

    /** Returns a copy in the order of names, each of which is there once. */
    static <T> List<T> inOrder(String field, List<T> items, int most, Function<T, String> name) {
        if (items.size() > most) {
            throw new InvalidAclException(field, "has at most " + most + " entries, and this has " + items.size());
        }
        List<T> sorted = new ArrayList<>(items);
        sorted.sort(Comparator.comparing(name));
        for (int i = 1; i < sorted.size(); i++) {
            if (name.apply(sorted.get(i - 1)).equals(name.apply(sorted.get(i)))) {
                throw new InvalidAclException(
                        field + "." + name.apply(sorted.get(i)), "is there twice; each name is there once");
            }
        }
        return List.copyOf(sorted);
    }

    /** Returns whether one of the patterns is for the caller or one of its groups. */
    static boolean matches(List<String> to, Subject subject) {
        for (String pattern : to) {
            if (matches(pattern, subject)) {
                return true;
            }
        }
        return false;
    }

    /** No pattern is for the caller. */
    static final int NO_MATCH = -1;

    /**
     * Returns how particular the patterns are for a caller: its name most, then the longer beginning of its name, then
     * a group, then the longer beginning of a group; {@link #NO_MATCH} when none is for it.
     */
    static int rank(List<String> to, Subject subject) {
        int rank = NO_MATCH;
        for (String pattern : to) {
            if (matches(pattern, subject)) {
                int length = pattern.endsWith("*") ? pattern.length() : AclDocument.PRINCIPAL_CHARS + 1;
                int kind = pattern.startsWith(Binding.GROUP) ? 0 : AclDocument.PRINCIPAL_CHARS + 2;
                rank = Math.max(rank, kind + length);
            }
        }
        return rank;
    }

    private static boolean matches(String pattern, Subject subject) {
        if (!pattern.startsWith(Binding.GROUP)) {
            // A caller without a credential is meant only by its name.
            boolean isNamed =
                    pattern.equals(Subject.ANONYMOUS) || !subject.principal().equals(Subject.ANONYMOUS);
            return isNamed && fits(pattern, 0, subject.principal());
        }
        for (String group : subject.groups()) {
            if (fits(pattern, Binding.GROUP.length(), group)) {
                return true;
            }
        }
        return false;
    }

    private static boolean fits(String pattern, int from, String name) {
        int length = pattern.length() - from;
        if (pattern.endsWith("*")) {
            return name.length() >= length - 1 && name.regionMatches(0, pattern, from, length - 1);
        }
        return name.length() == length && name.regionMatches(0, pattern, from, length);
    }
}
