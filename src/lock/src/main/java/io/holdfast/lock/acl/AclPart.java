package io.holdfast.lock.acl;

import org.jspecify.annotations.Nullable;

/** A list of named entries of a document. The codes are part of the replicated format. */
public enum AclPart {
    POLICIES("policies", 0),
    BINDINGS("bindings", 1),
    LIMITS("limits", 2);

    /** What is wrong with the name of an entry that is to be deleted. */
    static final String NOT_THERE = "is not there";

    private static final AclPart[] ALL = values();

    private final String text;
    private final int code;

    AclPart(String text, int code) {
        this.text = text;
        this.code = code;
    }

    /** Returns the name of the list in documents. */
    public String text() {
        return text;
    }

    int code() {
        return code;
    }

    static @Nullable AclPart ofCode(int code) {
        for (AclPart part : ALL) {
            if (part.code == code) {
                return part;
            }
        }
        return null;
    }
}
