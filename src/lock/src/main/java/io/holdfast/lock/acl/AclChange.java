package io.holdfast.lock.acl;

/** One change of the rules or the access keys. Those that take an entry away name it. */
public sealed interface AclChange {

    /** Puts a document in the place of the one in force; the keys stay. */
    record Replace(AclDocument document) implements AclChange {}

    /** Changes what becomes of a request that no rule allows. */
    record SetMode(AclMode mode) implements AclChange {}

    /** Adds a policy, or puts it in the place of the one of that name. */
    record PutPolicy(Policy policy) implements AclChange {}

    /** Adds a binding, or puts it in the place of the one of that name. */
    record PutBinding(Binding binding) implements AclChange {}

    /** Adds a limit, or puts it in the place of the one of that name. */
    record PutLimit(Limit limit) implements AclChange {}

    /** Takes an entry out. */
    record Delete(AclPart part, String name) implements AclChange {

        /** Checks the bounds. */
        public Delete {
            Names.requireName("name", name);
        }
    }

    /** Adds an access key. It takes no right away, so the revision of the rules stays. */
    record CreateKey(AccessKey key) implements AclChange {}

    /** Ends an access key. */
    record DeleteKey(String id) implements AclChange {

        /** Checks the bounds. */
        public DeleteKey {
            Names.requireName("id", id);
        }
    }
}
