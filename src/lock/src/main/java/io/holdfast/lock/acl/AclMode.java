package io.holdfast.lock.acl;

import org.jspecify.annotations.Nullable;

/** What becomes of a request that no rule allows. The codes are part of the replicated format. */
public enum AclMode {
    /** No request is judged. */
    OPEN("open", 0),
    /** Requests are judged, and a refusal is only counted and logged. */
    OBSERVE("observe", 1),
    /** What no rule allows is refused. */
    ENFORCE("enforce", 2);

    private static final AclMode[] ALL = values();

    private final String text;
    private final int code;

    AclMode(String text, int code) {
        this.text = text;
        this.code = code;
    }

    /** Returns the mode as documents write it. */
    public String text() {
        return text;
    }

    int code() {
        return code;
    }

    /** Returns the mode that is written so; null for none. */
    public static @Nullable AclMode of(String text) {
        for (AclMode mode : ALL) {
            if (mode.text.equals(text)) {
                return mode;
            }
        }
        return null;
    }

    static @Nullable AclMode ofCode(int code) {
        for (AclMode mode : ALL) {
            if (mode.code == code) {
                return mode;
            }
        }
        return null;
    }
}
