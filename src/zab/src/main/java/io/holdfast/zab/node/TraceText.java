package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.SyncMode;
import io.holdfast.zab.core.Trace;
import java.util.stream.Collectors;

/** Log messages for the traces of the core, for operators: no names of classes, and what to do where it matters. */
final class TraceText {

    private TraceText() {}

    static String of(Trace event) {
        if (event instanceof Trace.Ignored ignored) {
            return "ignores " + ignored.message() + " of " + ignored.from() + ": " + ignored.reason();
        } else if (event instanceof Trace.Syncing syncing) {
            return "brings server " + syncing.learner() + " from " + syncing.from() + " to " + syncing.cut() + " by "
                    + syncing.mode() + " (" + means(syncing.mode()) + ")";
        } else if (event instanceof Trace.Synced synced) {
            return "was brought from " + synced.from() + " to " + synced.cut() + " by server " + synced.upstream()
                    + " by " + synced.mode() + " (" + means(synced.mode()) + ")";
        } else if (event instanceof Trace.Diverged diverged) {
            return "has another transaction at " + diverged.at() + " than server " + diverged.other()
                    + "; check the disks of both servers";
        } else if (event instanceof Trace.StateDiffers other) {
            return String.format(
                    "leads, and the state of server %s at %s has digest %016x where its own has %016x: one of them is"
                            + " wrong; a server from which a quorum of voters differs stops by itself",
                    other.server(), other.at(), other.theirs(), other.own());
        } else if (event instanceof Trace.Impossible impossible) {
            return "server " + impossible.said() + " said what no healthy server says: " + impossible.what()
                    + "; check the disks of both servers";
        } else if (event instanceof Trace.Refused refused) {
            return "refuses " + refused.what() + " of server " + refused.server() + ": " + refused.objection()
                    + "; check the memory and the release of that server";
        } else if (event instanceof Trace.AwaitsFounders awaits) {
            return "a new ensemble begins when all of its voters are there, and " + awaits.missing()
                    + " did not answer yet";
        } else if (event instanceof Trace.OtherDisk other) {
            return "server " + other.server() + " came back with disk " + other.seen() + ", and the ensemble knows it"
                    + " with disk " + other.bound() + ": it does not vote before it is synchronized and admitted again";
        } else if (event instanceof Trace.Upkeep upkeep) {
            return "proposes by itself " + text(upkeep.next());
        } else if (event instanceof Trace.AckRegression regression) {
            return "server " + regression.learner() + " had acknowledged " + regression.acknowledged()
                    + " and came back with " + regression.now() + ": its disk lost data; check it";
        }
        return event.toString();
    }

    private static String means(SyncMode mode) {
        return switch (mode) {
            case DIFF -> "the transactions that it lacks";
            case TRUNC -> "the transactions that it lacks, after it dropped some that were never committed";
            case SNAP -> "a snapshot";
        };
    }

    private static String text(Configuration next) {
        return "configuration " + next.version() + " at level " + next.level() + ": "
                + next.members().stream().map(TraceText::text).collect(Collectors.joining(", "));
    }

    private static String text(Member member) {
        return member.id() + "@" + member.address() + (member.role() == MemberRole.OBSERVER ? " (observer)" : "")
                + (member.disk() == null ? "" : " with disk " + member.disk());
    }
}
