package io.holdfast.operator.status;

import io.holdfast.operator.plan.Action;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** How actions are named where people read of them. */
public final class Actions {

    private Actions() {}

    /** Returns the name of an action, as in Events and metrics. */
    public static String name(Action action) {
        return action.getClass().getSimpleName();
    }

    /** Returns the member that an action concerns, when it is one. */
    public static OptionalInt member(Action action) {
        @Nullable Integer id = idOf(action);
        return id == null ? OptionalInt.empty() : OptionalInt.of(id);
    }

    private static @Nullable Integer idOf(Action action) {
        if (action instanceof Action.Wait wait) {
            return wait.member();
        }
        if (action instanceof Action.Evict evict) {
            return evict.id();
        }
        if (action instanceof Action.NewVoter voter) {
            return voter.id();
        }
        if (action instanceof Action.AddMember add) {
            return add.id();
        }
        if (action instanceof Action.RemoveMember remove) {
            return remove.id();
        }
        if (action instanceof Action.Promote promote) {
            return promote.id();
        }
        if (action instanceof Action.MarkLeaving leaving) {
            return leaving.id();
        }
        if (action instanceof Action.DeleteVoter delete) {
            return delete.id();
        }
        if (action instanceof Action.HandOver handOver) {
            return handOver.to();
        }
        return volume(action);
    }

    private static @Nullable Integer volume(Action action) {
        if (action instanceof Action.Recreate recreate) {
            return recreate.id();
        }
        if (action instanceof Action.Start start) {
            return start.id();
        }
        if (action instanceof Action.ReplaceClaim replace) {
            return replace.id();
        }
        if (action instanceof Action.MakeClaim make) {
            return make.id();
        }
        if (action instanceof Action.Resize resize) {
            return resize.id();
        }
        if (action instanceof Action.DropRestore drop) {
            return drop.id();
        }
        if (action instanceof Action.LabelClaim label) {
            return label.id();
        }
        if (action instanceof Action.ExamineVolume examine) {
            return examine.id();
        }
        return action instanceof Action.ConfirmRecovery confirm ? Integer.valueOf(confirm.id()) : null;
    }
}
