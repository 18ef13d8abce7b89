package io.holdfast.lock.acl;

import org.jspecify.annotations.Nullable;

/** Which requests of clients members without a vote pass on. The codes are part of the replicated format. */
public enum Observers {
    /** All but administration. */
    ALL("all", 0),
    /** Those about sessions and locks that take nothing from others: no break, and no forced end of a session. */
    LOCKS("locks", 1),
    /** None. */
    NONE("none", 2);

    private static final Observers[] VALUES = values();

    private final String text;
    private final int code;

    Observers(String text, int code) {
        this.text = text;
        this.code = code;
    }

    /** Returns the value as documents write it. */
    public String text() {
        return text;
    }

    int code() {
        return code;
    }

    /** Returns the value that is written so; null for none. */
    public static @Nullable Observers of(String text) {
        for (Observers value : VALUES) {
            if (value.text.equals(text)) {
                return value;
            }
        }
        return null;
    }

    static @Nullable Observers ofCode(int code) {
        for (Observers value : VALUES) {
            if (value.code == code) {
                return value;
            }
        }
        return null;
    }
}
