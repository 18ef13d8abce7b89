package io.holdfast.lock.acl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules and access keys in force: what is replicated of them. Immutable, so a node reads it on any thread.
 *
 * @param revision of the transaction that changed the rules, or ended a key, last; 0 when none ever did
 * @param keys in the order of ids, at most {@link #KEYS}
 */
public record Acl(long revision, AclDocument document, List<AccessKey> keys) {

    /** Access keys, those that expired included. */
    public static final int KEYS = 1_000;

    /** Bytes of all as they are in a snapshot, about. */
    public static final int BYTES = AclDocument.BYTES + KEYS * (2 * AclDocument.NAME_CHARS + 128);

    /** Of an ensemble that never had rules. */
    public static final Acl NONE = new Acl(0, AclDocument.EMPTY, List.of());

    /** Checks the bounds. */
    public Acl {
        if (revision < 0) {
            throw new IllegalArgumentException("the revision " + revision + " of rules is negative");
        }
        keys = Names.inOrder("keys", keys, KEYS, AccessKey::id);
    }

    public AclMode mode() {
        return document.mode();
    }

    /** Returns whether what no rule allows is refused. */
    public boolean isEnforced() {
        return document.mode() == AclMode.ENFORCE;
    }

    /** Returns a key, also one that expired; null for one that is not known. */
    public @Nullable AccessKey key(String id) {
        int low = 0;
        int high = keys.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int order = keys.get(middle).id().compareTo(id);
            if (order == 0) {
                return keys.get(middle);
            } else if (order < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return null;
    }

    /**
     * Returns what is in force after a change.
     *
     * @param at revision of the transaction that makes it
     * @throws InvalidAclException when it breaks a bound, or is about an entry that is not there
     */
    public Acl after(AclChange change, long at) {
        if (change instanceof AclChange.CreateKey create) {
            return new Acl(revision, document, added(create.key()));
        } else if (change instanceof AclChange.DeleteKey delete) {
            return new Acl(at, document, removed(delete.id()));
        }
        AclDocument changed = changed(change);
        int bytes = AclCodec.encode(changed).length;
        if (bytes > AclDocument.BYTES) {
            throw new InvalidAclException(
                    "document",
                    "has at most " + AclDocument.BYTES + " bytes as it is replicated, and this has " + bytes);
        }
        return new Acl(at, changed, keys);
    }

    /**
     * Returns the same without any rule or key; whether rules are enforced stays.
     *
     * @param at revision of the table
     */
    public Acl reset(long at) {
        AclDocument empty = new AclDocument(mode(), document.observers(), List.of(), List.of(), List.of());
        return equals(NONE) ? this : new Acl(at, empty, List.of());
    }

    private AclDocument changed(AclChange change) {
        if (change instanceof AclChange.Replace replace) {
            return replace.document();
        } else if (change instanceof AclChange.SetMode set) {
            return document.with(set.mode());
        } else if (change instanceof AclChange.PutPolicy put) {
            return document.with(put.policy());
        } else if (change instanceof AclChange.PutBinding put) {
            return document.with(put.binding());
        } else if (change instanceof AclChange.PutLimit put) {
            return document.with(put.limit());
        } else if (change instanceof AclChange.Delete delete) {
            return document.without(delete.part(), delete.name());
        }
        throw new IllegalStateException("no document changes by " + change);
    }

    private List<AccessKey> added(AccessKey key) {
        List<AccessKey> more = new ArrayList<>(keys);
        more.add(key);
        return more;
    }

    private List<AccessKey> removed(String id) {
        List<AccessKey> fewer = new ArrayList<>(keys);
        if (!fewer.removeIf(key -> key.id().equals(id))) {
            throw new InvalidAclException("keys." + id, AclPart.NOT_THERE);
        }
        return fewer;
    }
}
