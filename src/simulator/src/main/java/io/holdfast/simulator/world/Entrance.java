package io.holdfast.simulator.world;

import io.holdfast.lock.Applied;
import io.holdfast.lock.Command;
import io.holdfast.lock.Judged;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.Result;
import io.holdfast.lock.SessionView;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.Rights;
import io.holdfast.lock.acl.Subject;
import io.holdfast.lock.acl.Verb;
import io.holdfast.zab.core.RequestFailure;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Where commands of clients come in at a server: they are judged by the rules that this server has, and judged again
 * when those were replaced before the command was applied.
 */
final class Entrance {

    private static final int ATTEMPTS = 3;

    private final ServerProcess process;

    Entrance(ServerProcess process) {
        this.process = process;
    }

    void submit(LongFunction<Command> command, Reply reply) {
        attempt(command, reply, 1);
    }

    private void attempt(LongFunction<Command> command, Reply reply, int number) {
        Command judged = judged(command.apply(process.node().wallMillis()));
        if (judged == null) {
            reply.failed();
            return;
        }
        process.submit(judged, new Reply() {
            @Override
            public void answered(ServerProcess at, @Nullable Applied applied) {
                if (applied == null || !(applied.result() instanceof Result.RulesReplaced)) {
                    reply.answered(at, applied);
                } else if (number < ATTEMPTS) {
                    attempt(command, reply, number + 1);
                } else {
                    reply.failed();
                }
            }

            @Override
            public void failed() {
                reply.failed();
            }

            @Override
            public void failed(RequestFailure reason) {
                reply.failed(reason);
            }
        });
    }

    /** Returns a command as the rules here allow it; null when they do not. */
    private @Nullable Command judged(Command command) {
        Acl acl = process.table().acl();
        if (!acl.isEnforced() || !Judged.isGoverned(command)) {
            return command;
        }
        return isAllowed(acl, command) ? new Judged(acl.revision(), command) : null;
    }

    private boolean isAllowed(Acl acl, Command command) {
        LockTable table = process.table();
        if (command instanceof Command.OpenSession open) {
            return rights(acl, open.name()).allows(Verb.ACQUIRE);
        } else if (command instanceof Command.Acquire acquire) {
            SessionView session = table.session(acquire.session());
            return session != null && mayAcquire(rights(acl, session.name()), acquire);
        } else if (command instanceof Command.ChangeMode change) {
            return table.grant(change.grant()) != null
                    && rights(acl, Ruler.OPERATOR).allows(Verb.ACQUIRE);
        }
        return rights(acl, Ruler.OPERATOR).allows(Verb.BREAK);
    }

    private static boolean mayAcquire(Rights rights, Command.Acquire acquire) {
        return acquire.claims().stream().allMatch(claim -> rights.allows(Verb.ACQUIRE, claim.lock()));
    }

    private static Rights rights(Acl acl, String name) {
        return Rights.of(acl.document(), new Subject(Ruler.principal(name)));
    }
}
