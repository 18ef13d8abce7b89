package io.holdfast.api;

import java.util.Locale;

/** How a grant holds a lock. */
public enum Mode {
    /** Alone. */
    EXCLUSIVE,
    /** Together with other shared ones. */
    SHARED,
    /** With some of the permits of a semaphore. */
    SEMAPHORE;

    /** The word of the API, in lower case. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the mode of a word of the API.
     *
     * @throws IllegalArgumentException when it is none
     */
    public static Mode of(String text) {
        for (Mode mode : values()) {
            if (mode.text().equals(text)) {
                return mode;
            }
        }
        throw new IllegalArgumentException("no mode of a lock: " + text);
    }
}
