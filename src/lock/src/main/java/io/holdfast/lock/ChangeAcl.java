package io.holdfast.lock;

import io.holdfast.lock.acl.AclChange;

/**
 * Changes the rules or the access keys, if those in force are the ones that it was made for.
 *
 * @param base revision of the rules that the server looked at when it judged and checked the change; 0 when there were
 *     none
 */
public record ChangeAcl(long base, AclChange change, long atMillis) implements Command {

    /** Checks the bounds. */
    public ChangeAcl {
        if (base < 0) {
            throw new IllegalArgumentException("a revision of rules is 0 or more, this one is " + base);
        }
    }

    @Override
    public <R> R dispatch(CommandHandler<R> handler) {
        return handler.onChangeAcl(this);
    }
}
