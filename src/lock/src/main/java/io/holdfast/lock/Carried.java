package io.holdfast.lock;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.Observers;
import org.jspecify.annotations.Nullable;

/**
 * Which requests of their clients members without a vote may pass on, by the rules: all while rules are not enforced,
 * and never administration while they are. Checked by such a member when a request comes in, and again by the leader,
 * which does not trust it. Each answer is a sentence, or null for what may be passed on.
 */
public final class Carried {

    private static final String NOTHING = "the rules let members without a vote pass no request on";

    private Carried() {}

    /** Returns why a command may not be passed on. */
    public static @Nullable String objection(Acl acl, Command command) {
        if (!acl.isEnforced()) {
            return null;
        }
        Command asked = innermost(command);
        if (asked instanceof ChangeAcl) {
            return administration(acl);
        }
        return switch (acl.document().observers()) {
            case ALL -> null;
            case LOCKS ->
                takes(asked, isNamed(command))
                        ? "the rules let members without a vote pass on nothing that takes from others"
                        : null;
            case NONE -> NOTHING;
        };
    }

    /** Returns why a change of the members, of their leader or of the rules may not be passed on. */
    public static @Nullable String administration(Acl acl) {
        return acl.isEnforced() ? "administration is taken from voters only" : null;
    }

    /** Returns why a keepalive may not be passed on. */
    public static @Nullable String keepalive(Acl acl) {
        return acl.isEnforced() && acl.document().observers() == Observers.NONE ? NOTHING : null;
    }

    private static Command innermost(Command command) {
        if (command instanceof OnBehalf of) {
            return innermost(of.command());
        }
        return command instanceof Judged judged ? innermost(judged.command()) : command;
    }

    private static boolean isNamed(Command command) {
        return command instanceof OnBehalf || (command instanceof Judged judged && isNamed(judged.command()));
    }

    /** A transfer that names no principal is of a caller that may transfer grants of other principals. */
    private static boolean takes(Command command, boolean isNamed) {
        return command instanceof Command.Break
                || (command instanceof Command.Transfer && !isNamed)
                || (command instanceof Command.CloseSession close
                        && (close.dead() || !close.forcedBy().isEmpty()));
    }
}
