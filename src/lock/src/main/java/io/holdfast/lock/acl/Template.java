package io.holdfast.lock.acl;

import io.holdfast.lock.Limits;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Fills the <code>${NAME}</code> segments of a pattern of lock names. */
final class Template {

    private static final String OPEN = "${";

    private static final int NAME_CHARS = 64;

    private Template() {}

    /**
     * Fills a pattern.
     *
     * @param values of attributes by name; null for none
     * @return null when a placeholder is no whole segment or is not closed, when its name cannot be one, or when there
     *     is no value that is one legal segment
     */
    static @Nullable String fill(String pattern, Function<String, @Nullable String> values) {
        StringBuilder filled = new StringBuilder(pattern.length());
        int start = 0;
        while (start <= pattern.length()) {
            int slash = pattern.indexOf('/', start);
            int end = slash < 0 ? pattern.length() : slash;
            String segment = pattern.substring(start, end);
            if (segment.indexOf('$') >= 0) {
                String name = nameIn(segment);
                String value = name == null ? null : values.apply(name);
                if (value == null || !isSegment(value)) {
                    return null;
                }
                segment = value;
            }
            filled.append(segment);
            if (slash >= 0) {
                filled.append('/');
            }
            start = end + 1;
        }
        return filled.toString();
    }

    private static @Nullable String nameIn(String segment) {
        if (!segment.startsWith(OPEN) || !segment.endsWith("}")) {
            return null;
        }
        String name = segment.substring(OPEN.length(), segment.length() - 1);
        if (name.isEmpty() || name.length() > NAME_CHARS) {
            return null;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && c != '.' && c != '-') {
                return null;
            }
        }
        return name;
    }

    private static boolean isSegment(String value) {
        return value.indexOf('/') < 0 && Limits.lockNameProblem(value) == null;
    }
}
