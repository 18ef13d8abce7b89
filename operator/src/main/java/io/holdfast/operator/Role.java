package io.holdfast.operator;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What a process of this application does; each role has a Deployment, an account and rights of its own. */
public enum Role {
    /** Reconciles clusters, observers and backups. */
    OPERATOR,
    /** Serves the webhook that puts the sidecar into pods. */
    INJECTOR,
    /** Closes the sessions of pods that are known to be dead. */
    CONFIRMED_DEATH;

    /** Its value in the setting {@code holdfast.operator.role}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * The role of a setting's value.
     *
     * @throws IllegalArgumentException if there is none, in one line that says what to do
     */
    public static Role of(String text) {
        return Arrays.stream(values())
                .filter(role -> role.text().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("holdfast.operator.role: set it to "
                        + Arrays.stream(values()).map(Role::text).collect(Collectors.joining(", ")) + ", not to \""
                        + text.substring(0, Math.min(text.length(), 64)) + '"'));
    }
}
