package io.holdfast.lock.acl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule allows. The bits are part of the replicated format: a bit is never given to another verb. */
public enum Verb {
    /** To see a lock, its grants and its events. */
    READ("read", 0),
    /** To ask for a lock; includes {@link #READ} of it, since a refusal names its holders. */
    ACQUIRE("acquire", 1),
    /** To end or hand over what is another's. */
    BREAK("break", 2),
    /** To change members, and to see their addresses and disks. */
    ADMIN_MEMBERS("admin:members", 3),
    /** To take a backup. */
    ADMIN_BACKUP("admin:backup", 4),
    /** To see and change rules and access keys. */
    ADMIN_ACL("admin:acl", 5),
    /** To see and end any session. */
    ADMIN_SESSIONS("admin:sessions", 6);

    /** In a rule: all verbs of administrators. */
    public static final String ADMIN = "admin";

    /** The bits of verbs that a rule gives for locks. */
    static final int LOCK_MASK = READ.bit() | ACQUIRE.bit() | BREAK.bit();

    static final int ADMIN_MASK = ADMIN_MEMBERS.bit() | ADMIN_BACKUP.bit() | ADMIN_ACL.bit() | ADMIN_SESSIONS.bit();

    static final int MASK = LOCK_MASK | ADMIN_MASK;

    private static final Verb[] ALL = values();

    private final String text;
    private final int index;

    Verb(String text, int index) {
        this.text = text;
        this.index = index;
    }

    /** Returns the verb as rules and answers write it. */
    public String text() {
        return text;
    }

    /** Returns whether it is about locks, and not about the ensemble. */
    public boolean isOfLocks() {
        return (bit() & LOCK_MASK) != 0;
    }

    int index() {
        return index;
    }

    int bit() {
        return 1 << index;
    }

    /** Returns the bits of a verb as a rule writes it, {@link #ADMIN} included; 0 for none. */
    static int bitsOf(String text) {
        if (text.equals(ADMIN)) {
            return ADMIN_MASK;
        }
        Verb verb = of(text);
        return verb == null ? 0 : verb.bit();
    }

    /** Returns the one verb that is written so; null for none. */
    public static @Nullable Verb of(String text) {
        for (Verb verb : ALL) {
            if (verb.text.equals(text)) {
                return verb;
            }
        }
        return null;
    }

    /** Returns the verbs of a mask as a rule writes them. */
    static List<String> texts(int mask) {
        List<String> texts = new ArrayList<>();
        for (Verb verb : ALL) {
            boolean isShortened = (mask & ADMIN_MASK) == ADMIN_MASK && !verb.isOfLocks();
            if ((mask & verb.bit()) != 0 && !isShortened) {
                texts.add(verb.text);
            }
        }
        if ((mask & ADMIN_MASK) == ADMIN_MASK) {
            texts.add(ADMIN);
        }
        return List.copyOf(texts);
    }
}
