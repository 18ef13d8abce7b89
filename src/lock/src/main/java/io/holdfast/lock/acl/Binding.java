package io.holdfast.lock.acl;

import java.util.List;

/**
 * Gives a policy to principals and groups.
 *
 * @param name of the binding; that of its policy unless there are several
 * @param to principals, or groups behind {@code group:}; a star at the end is for all that begin so. Callers without a
 *     credential are meant by {@code anonymous} only
 */
public record Binding(String name, String policy, List<String> to) {

    static final String GROUP = "group:";

    /** Checks the bounds. */
    public Binding {
        Names.requireName("name", name);
        Names.requireName("policy", policy);
        to = Names.requireTo(to);
    }
}
