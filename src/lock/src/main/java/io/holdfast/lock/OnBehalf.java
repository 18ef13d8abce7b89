package io.holdfast.lock;

/**
 * A request of a client, with the principal that it acts for. A session belongs to the principal that opened it and a
 * grant to its session: what others ask of them is {@link Result.NotYours}, and nothing is done.
 *
 * <p>A command without a principal acts whichever session it is about: it is of a server itself, of a level below 3, or
 * of a caller that rules let act on the sessions of others.
 *
 * @param principal 1 to {@link Limits#PRINCIPAL_CHARS} characters
 */
public record OnBehalf(String principal, Command command) implements Command {

    /** The principal of clients without a credential; their sessions belong to all of them. */
    public static final String ANONYMOUS = "anonymous";

    /** Checks the principal, and that a client may ask for the command. */
    public OnBehalf {
        Limits.require(Limits.principalProblem(principal));
        if (command instanceof Command.ByLeader
                || command instanceof ChangeAcl
                || command instanceof Judged
                || command instanceof OnBehalf) {
            throw new IllegalArgumentException(
                    "no principal asks for a " + command.getClass().getSimpleName());
        }
    }

    @Override
    public long atMillis() {
        return command.atMillis();
    }

    @Override
    public <R> R dispatch(CommandHandler<R> handler) {
        return handler.onBehalf(this);
    }
}
