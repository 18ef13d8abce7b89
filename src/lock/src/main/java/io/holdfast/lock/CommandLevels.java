package io.holdfast.lock;

import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Lists what of commands has come after the first level: kinds, fields with a value, and a form of name. */
final class CommandLevels {

    private static final int LEVEL_3 = 3;

    private static final String ESCAPE = "a lock name with ~";

    /** A test holds that each kind of command is either known at the first level or here. */
    private static final List<Added> ALL = List.of(
            kind(Command.ChangeLimit.class, LEVEL_3, "a change of a semaphore's limit"),
            kind(Command.Attach.class, LEVEL_3, "an attach id"),
            kind(Command.ContinueEndings.class, LEVEL_3, "the end of a session in several transactions"),
            kind(Command.SetStateBytes.class, LEVEL_3, "a quota in bytes"),
            kind(ChangeAcl.class, LEVEL_3, "a change of the rules of access"),
            kind(Judged.class, LEVEL_3, "a request that rules allowed"),
            kind(OnBehalf.class, LEVEL_3, "a request that names its principal"),
            part(Command.CloseSession.class, c -> !c.forcedBy().isEmpty(), LEVEL_3, "a forced end of a session"),
            part(Command.CloseSession.class, Command.CloseSession::dead, LEVEL_3, "an end by confirmed death"),
            part(Command.Release.class, c -> !c.to().isEmpty(), LEVEL_3, "a release that names the next ticket"),
            part(Command.Release.class, c -> c.closedMillis() > 0, LEVEL_3, "a release that leaves its locks closed"),
            part(Command.Acquire.class, c -> hasEscape(c.claims()), LEVEL_3, ESCAPE),
            part(Command.AcquireAlone.class, c -> hasEscape(c.claims()), LEVEL_3, ESCAPE),
            part(Command.Break.class, c -> Limits.hasEscape(c.lock()), LEVEL_3, ESCAPE),
            part(Command.ExpireDelays.class, CommandLevels::hasEscape, LEVEL_3, ESCAPE));

    private CommandLevels() {}

    /**
     * What a command may have that came later.
     *
     * @param isIn whether a command has it
     * @param level the first that knows it
     * @param what in words for the sender
     */
    record Added(Predicate<Command> isIn, int level, String what) {}

    /** Returns the first thing of a command that came after a level; null when the level knows all of it. */
    static @Nullable Added after(int level, Command command) {
        for (Added added : ALL) {
            if (added.level() > level && added.isIn().test(command)) {
                return added;
            }
        }
        if (command instanceof OnBehalf of) {
            return after(level, of.command());
        }
        return command instanceof Judged judged ? after(level, judged.command()) : null;
    }

    private static Added kind(Class<? extends Command> kind, int level, String what) {
        return part(kind, c -> true, level, what);
    }

    private static <C extends Command> Added part(Class<C> kind, Predicate<C> isIn, int level, String what) {
        return new Added(command -> kind.isInstance(command) && isIn.test(kind.cast(command)), level, what);
    }

    private static boolean hasEscape(List<Claim> claims) {
        for (Claim claim : claims) {
            if (Limits.hasEscape(claim.lock())) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasEscape(Command.ExpireDelays c) {
        for (LockDelay delay : c.items()) {
            if (Limits.hasEscape(delay.lock())) {
                return true;
            }
        }
        return false;
    }
}
