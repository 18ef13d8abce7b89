package io.holdfast.simulator.check;

import io.holdfast.lock.Applied;
import io.holdfast.lock.ChangeAcl;
import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.CommandCodec;
import io.holdfast.lock.Judged;
import io.holdfast.lock.Result;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rule;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * No command takes effect under rules that were replaced before it was applied, nor without a right by those that are
 * in force; and none is without effect that was judged by those.
 */
final class RulesAreInForce extends Invariant {

    private long revision;
    private AclMode mode = AclMode.OPEN;
    private List<Policy> policies = List.of();
    private final Map<String, Binding> bindings = new TreeMap<>();

    /** Names of sessions, of which a client has its principal here. */
    private final Map<Long, String> sessions = new TreeMap<>();

    RulesAreInForce(Knowledge known) {
        super("I-RULES", known);
    }

    @Override
    public void committed(Txn txn, Applied applied) {
        Command command = txn.type() == TxnType.COMMAND
                ? CommandCodec.decode(txn.payload().buffer())
                : null;
        if (command instanceof ChangeAcl change) {
            change(txn, change, applied);
        } else if (command instanceof Judged judged) {
            governed(txn, judged.command(), judged.aclRevision() == revision, applied);
        } else if (command != null && isGoverned(command)) {
            governed(txn, command, mode != AclMode.ENFORCE, applied);
        }
        if (applied.result() instanceof Result.SessionOpened opened) {
            sessions.put(opened.session().id(), opened.session().name());
        }
    }

    private static boolean isGoverned(Command command) {
        return command instanceof Command.OpenSession
                || command instanceof Command.Acquire
                || command instanceof Command.ChangeMode
                || command instanceof Command.Transfer
                || command instanceof Command.Break;
    }

    private void governed(Txn txn, Command command, boolean isInForce, Applied applied) {
        boolean isReplaced = applied.result() instanceof Result.RulesReplaced;
        require(
                isInForce != isReplaced && (isInForce || applied.changes().isEmpty()),
                "%s: under the rules of %s %s ends in %s %s",
                txn.zxid(),
                revision,
                CommandCodec.decode(txn.payload().buffer()),
                applied.result(),
                applied.changes());
        boolean isGranted = applied.result() instanceof Result.Granted || applied.result() instanceof Result.Waiting;
        if (mode == AclMode.ENFORCE && isGranted && command instanceof Command.Acquire acquire) {
            for (Claim claim : acquire.claims()) {
                require(
                        mayAcquire(sessions.get(acquire.session()), claim.lock()),
                        "%s: %s without the right for %s, which is taken away",
                        txn.zxid(),
                        acquire,
                        claim.lock());
            }
        }
    }

    private boolean mayAcquire(@Nullable String client, String lock) {
        for (Binding binding : bindings.values()) {
            for (Policy policy : binding.to().contains("key:" + client) ? policies : List.<Policy>of()) {
                for (Rule rule : policy.rules()) {
                    boolean covers = "".equals(rule.locks()) || lock.equals(rule.locks());
                    if (policy.name().equals(binding.policy())
                            && covers
                            && rule.verbs().contains("acquire")) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private void change(Txn txn, ChangeAcl wanted, Applied applied) {
        boolean isDue = wanted.base() == revision;
        boolean isDone = applied.result() instanceof Result.AclChanged;
        boolean isRefused = applied.result() instanceof Result.AclRefused;
        require(
                isDue ? isDone || isRefused : applied.result() instanceof Result.RulesReplaced,
                "%s: to the rules of %s %s was done: %s",
                txn.zxid(),
                revision,
                wanted,
                applied.result());
        if (!isDone) {
            return;
        }
        revision = txn.zxid().packed();
        if (wanted.change() instanceof AclChange.SetMode set) {
            mode = set.mode();
        } else if (wanted.change() instanceof AclChange.PutBinding put) {
            bindings.put(put.binding().name(), put.binding());
        } else if (wanted.change() instanceof AclChange.Replace replace) {
            mode = replace.document().mode();
            policies = new ArrayList<>(replace.document().policies());
            bindings.clear();
            replace.document().bindings().forEach(binding -> bindings.put(binding.name(), binding));
        }
    }
}
