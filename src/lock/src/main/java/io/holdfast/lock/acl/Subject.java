package io.holdfast.lock.acl;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A principal with its groups and attributes, as rules judge it.
 *
 * @param principal one name, with how it was proved in front; {@link #ANONYMOUS} without a credential
 * @param groups names of groups, without {@code group:}
 * @param attributes other attributes of the credential, by name
 */
public record Subject(String principal, List<String> groups, SortedMap<String, String> attributes) {

    /** The principal of a caller without a credential. */
    public static final String ANONYMOUS = "anonymous";

    /** Copies the collections. */
    public Subject {
        groups = List.copyOf(groups);
        attributes = Collections.unmodifiableSortedMap(new TreeMap<>(attributes));
    }

    /** Makes one of a name alone. */
    public Subject(String principal) {
        this(principal, List.of(), new TreeMap<>());
    }

    @Nullable
    String attribute(String name) {
        return attributes.get(name);
    }
}
