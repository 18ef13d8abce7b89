package io.holdfast.lock;

/**
 * One method for each kind of {@link Command}, so that a new kind does not compile until everybody says what it means.
 */
public interface CommandHandler<R> {

    R onOpenSession(Command.OpenSession command);

    R onCloseSession(Command.CloseSession command);

    R onExpireSessions(Command.ExpireSessions command);

    R onAcquire(Command.Acquire command);

    R onAcquireAlone(Command.AcquireAlone command);

    R onRelease(Command.Release command);

    R onChangeMode(Command.ChangeMode command);

    R onTransfer(Command.Transfer command);

    R onBreak(Command.Break command);

    R onExpireDelays(Command.ExpireDelays command);

    R onExpireYields(Command.ExpireYields command);

    R onExpireBreaks(Command.ExpireBreaks command);

    R onContinueEndings(Command.ContinueEndings command);

    R onSetStateBytes(Command.SetStateBytes command);

    R onExpireWaits(Command.ExpireWaits command);

    R onChangeLimit(Command.ChangeLimit c);

    R onAttach(Command.Attach c);

    R onChangeAcl(ChangeAcl c);

    R onJudged(Judged c);

    R onBehalf(OnBehalf c);
}
