package io.holdfast.lock;

import java.util.List;

/** Finds what the levels below 3 do not know of a command: a kind, a field with a value, or a form of name. */
final class AboveFirst implements CommandHandler<Rules.Above> {

    static final AboveFirst FINDER = new AboveFirst();

    private static final Rules.Above ESCAPE = new Rules.Above("a lock name with ~", 3);

    private static final Rules.Above FORCED = new Rules.Above("a forced end of a session", 3);
    private static final Rules.Above SUCCESSOR = new Rules.Above("a release that names the next ticket", 3);
    private static final Rules.Above LIMIT = new Rules.Above("a change of a semaphore's limit", 3);
    private static final Rules.Above ATTACH = new Rules.Above("an attach id", 3);

    private AboveFirst() {}

    private static Rules.Above names(List<Claim> claims) {
        for (Claim claim : claims) {
            if (Limits.hasEscape(claim.lock())) {
                return ESCAPE;
            }
        }
        return Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onOpenSession(Command.OpenSession c) {
        return Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onCloseSession(Command.CloseSession c) {
        return c.forcedBy().isEmpty() ? Rules.Above.NOTHING : FORCED;
    }

    @Override
    public Rules.Above onExpireSessions(Command.ExpireSessions c) {
        return Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onAcquire(Command.Acquire c) {
        return names(c.claims());
    }

    @Override
    public Rules.Above onAcquireAlone(Command.AcquireAlone c) {
        return names(c.claims());
    }

    @Override
    public Rules.Above onRelease(Command.Release c) {
        return c.to().isEmpty() ? Rules.Above.NOTHING : SUCCESSOR;
    }

    @Override
    public Rules.Above onChangeMode(Command.ChangeMode c) {
        return Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onTransfer(Command.Transfer c) {
        return Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onBreak(Command.Break c) {
        return Limits.hasEscape(c.lock()) ? ESCAPE : Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onExpireDelays(Command.ExpireDelays c) {
        for (LockDelay delay : c.items()) {
            if (Limits.hasEscape(delay.lock())) {
                return ESCAPE;
            }
        }
        return Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onContinueEndings(Command.ContinueEndings c) {
        return new Rules.Above("the end of a session in several transactions", 3);
    }

    @Override
    public Rules.Above onSetStateBytes(Command.SetStateBytes c) {
        return new Rules.Above("a quota in bytes", 3);
    }

    @Override
    public Rules.Above onExpireYields(Command.ExpireYields c) {
        return Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onExpireBreaks(Command.ExpireBreaks c) {
        return Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onExpireWaits(Command.ExpireWaits c) {
        return Rules.Above.NOTHING;
    }

    @Override
    public Rules.Above onChangeLimit(Command.ChangeLimit c) {
        return LIMIT;
    }

    @Override
    public Rules.Above onAttach(Command.Attach c) {
        return ATTACH;
    }
}
