package io.holdfast.lock;

/**
 * A request of a client, with the rules by which the server that it came in at allowed it: it takes effect under them
 * or not at all.
 *
 * @param aclRevision of the rules, above 0
 */
public record Judged(long aclRevision, Command command) implements Command {

    /** Checks that rules govern the command. */
    public Judged {
        if (aclRevision <= 0) {
            throw new IllegalArgumentException("rules have a revision above 0, these have " + aclRevision);
        }
        if (!isGoverned(command)) {
            throw new IllegalArgumentException(
                    "no rule governs a " + command.getClass().getSimpleName());
        }
    }

    /**
     * Returns whether a rule has to allow a command where rules are enforced. None has to for what gives back, keeps
     * alive or comes of a leader; and a change of rules says itself for which it was made.
     */
    public static boolean isGoverned(Command command) {
        if (command instanceof OnBehalf of) {
            return isGoverned(of.command());
        }
        if (command instanceof Command.CloseSession close) {
            return close.dead() || !close.forcedBy().isEmpty();
        }
        return !(command instanceof Command.Release
                || command instanceof Command.Attach
                || command instanceof Command.ByLeader
                || command instanceof ChangeAcl
                || command instanceof Judged);
    }

    @Override
    public long atMillis() {
        return command.atMillis();
    }

    @Override
    public <R> R dispatch(CommandHandler<R> handler) {
        return handler.onJudged(this);
    }
}
