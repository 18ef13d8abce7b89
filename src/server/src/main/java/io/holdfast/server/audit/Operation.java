package io.holdfast.server.audit;

import io.holdfast.lock.acl.Verb;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API, as records and limits see it.
 *
 * @param id its {@code operationId}
 * @param purpose what it is for
 * @param verb that rules must allow for it; null for what an identity, or owning the session, is enough for
 */
public record Operation(
        String id, Purpose purpose, @Nullable Verb verb) {

    /** What a call is for. */
    public enum Purpose {
        /** To change the ensemble or its rules, or to copy all of its state. */
        ADMINISTRATION,
        /** To take from others what they have. */
        BREAK,
        /** To change locks or sessions. */
        WRITE,
        /** To give back what the caller has, or to attach to it. */
        RETURN,
        /** To keep what the caller has, or to read it. */
        KEEP,
        /** To read. */
        READ
    }

    /** A request that matches no call. */
    public static final Operation NONE = new Operation("", Purpose.READ, null);

    /** To follow what is committed. */
    public static final Operation STREAM = new Operation("readEvents", Purpose.READ, Verb.READ);

    private static final Map<String, Operation> BY_ID = new TreeMap<>();

    static {
        all(Purpose.ADMINISTRATION, Verb.ADMIN_MEMBERS, "addMember", "changeMember", "removeMember", "handOver");
        all(Purpose.ADMINISTRATION, Verb.ADMIN_BACKUP, "getBackup", "takeSnapshot");
        all(
                Purpose.ADMINISTRATION,
                Verb.ADMIN_ACL,
                "replaceAcl",
                "setAclMode",
                "putPolicy",
                "deletePolicy",
                "putBinding",
                "deleteBinding",
                "putLimit",
                "deleteLimit",
                "createAccessKey",
                "deleteAccessKey");
        all(Purpose.BREAK, Verb.BREAK, "breakLock");
        all(Purpose.WRITE, Verb.ACQUIRE, "openSession", "takeGrant", "takeNewGrant", "takeLock", "changeMode");
        all(Purpose.WRITE, Verb.ACQUIRE, "transferGrant", "changeLimit");
        all(Purpose.RETURN, null, "releaseGrant", "endSession", "attachSession");
        all(Purpose.KEEP, null, "keepAlive", "keepAliveMany", "getGrant");
        all(Purpose.READ, Verb.ADMIN_ACL, "getAcl", "getPolicy", "getBinding", "getLimit", "listAccessKeys");
        all(Purpose.READ, Verb.ADMIN_ACL, "checkAcl");
        all(Purpose.READ, Verb.ADMIN_SESSIONS, "listSessions");
        all(Purpose.READ, Verb.READ, "getLock", "listLocks", "checkToken", "whyWaiting", "readEvents");
        all(Purpose.READ, null, "getSession", "getCluster", "whoami");
    }

    private static void all(Purpose purpose, @Nullable Verb verb, String... ids) {
        for (String id : ids) {
            BY_ID.put(id, new Operation(id, purpose, verb));
        }
    }

    /** Returns the call of an {@code operationId}; one that is not known counts as administration. */
    public static Operation of(String id) {
        Operation known = BY_ID.get(id);
        return known == null ? new Operation(id, Purpose.ADMINISTRATION, null) : known;
    }

    /** Returns whether {@link #of} knows it. */
    public static boolean isKnown(String id) {
        return BY_ID.containsKey(id);
    }

    /** Returns whether it is recorded at each level, and refused where it cannot be recorded and must be. */
    public boolean isPrivileged() {
        return purpose == Purpose.ADMINISTRATION || purpose == Purpose.BREAK;
    }

    /** Returns this call for another purpose, which only its parameters show. */
    public Operation with(Purpose other) {
        return new Operation(id, other, other == Purpose.BREAK && verb == null ? Verb.BREAK : verb);
    }
}
