package io.holdfast.simulator.scope;

import io.holdfast.simulator.scope.Input.Kind;
import io.holdfast.simulator.scope.Locals.Step;
import io.holdfast.simulator.scope.Server.Output;
import io.holdfast.simulator.scope.Whole.Budget;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.message.ReplicationMessage;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which moves a state has, and what each makes of it. */
final class Moves {

    private final Bound bound;
    private final Locals locals;
    private final Lanes lanes;
    private final Laws laws;
    private @Nullable String broken;

    Moves(Bound bound, Locals locals, Lanes lanes, Laws laws) {
        this.bound = bound;
        this.locals = locals;
        this.lanes = lanes;
        this.laws = laws;
    }

    /** Returns what the last move broke; null when nothing. */
    @Nullable
    String broken() {
        return broken;
    }

    // ---- what may happen ----

    List<Move> of(Whole whole) {
        List<Move> moves = new ArrayList<>();
        for (int lane = 0; lane < 2 * Whole.CONNECTIONS; lane++) {
            if (whole.content(lane) != 0) {
                moves.add(new Move(Move.Kind.ARRIVE, lane, 0));
            }
        }
        for (int i = 1; i <= Whole.SERVERS; i++) {
            Local local = locals.get(whole.server(i));
            if (local.alive()) {
                ofServer(whole, local, moves);
            } else {
                moves.add(new Move(Move.Kind.START, i, 0));
            }
            if (whole.left(Budget.PARTITIONS) > 0 && whole.left(Budget.CUT_OFF) == 0) {
                moves.add(new Move(Move.Kind.CUT_OFF, i, 0));
            }
        }
        if (whole.left(Budget.CUT_OFF) != 0) {
            moves.add(new Move(Move.Kind.HEAL, 0, 0));
        }
        return moves;
    }

    private void ofServer(Whole whole, Local local, List<Move> moves) {
        int i = local.server();
        if (local.writing() > 0) {
            moves.add(new Move(Move.Kind.PERSIST, i, 0));
        }
        if (whole.left(Budget.CRASHES) > 0) {
            for (int records = 0; records <= local.writing(); records++) {
                moves.add(new Move(Move.Kind.CRASH, i, records));
            }
        }
        if (local.isElecting()) {
            if (whole.left(Budget.LEADS) > 0) {
                moves.add(new Move(Move.Kind.LEAD, i, 0));
            }
            for (int j = 1; j <= Whole.SERVERS; j++) {
                if (j != i && locals.get(whole.server(j)).leads() && !whole.isCut(i, j)) {
                    moves.add(new Move(Move.Kind.FOLLOW, i, j));
                }
            }
            return;
        }
        if (mayOpen(whole, local)) {
            moves.add(new Move(Move.Kind.OPEN, i, 0));
        }
        if (local.role() != Role.LOOKING && (whole.left(Budget.TIMEOUTS) > 0 || isAlone(whole, local))) {
            moves.add(new Move(Move.Kind.TIMEOUT, i, 0));
        }
        if (local.leads() && local.phase() == Phase.BROADCAST && whole.left(Budget.TXNS) > 0) {
            moves.add(new Move(Move.Kind.SUBMIT, i, 0));
        }
        if (local.phase() == Phase.BROADCAST && whole.left(Budget.READS) > 0) {
            moves.add(new Move(Move.Kind.READ, i, 0));
        }
    }

    private boolean mayOpen(Whole whole, Local local) {
        int leader = local.dialing();
        return leader != 0
                && locals.get(whole.server(leader)).alive()
                && !whole.isCut(local.server(), leader)
                && freeConnection(whole, local.server(), leader) >= 0;
    }

    private static int freeConnection(Whole whole, int learner, int leader) {
        int first = Whole.first(learner, leader);
        return whole.isFree(first) ? first : whole.isFree(first + 1) ? first + 1 : -1;
    }

    /** Such a server gives up without any fault of time: nobody it waits for can come. */
    private boolean isAlone(Whole whole, Local local) {
        if (local.role() == Role.FOLLOWING) {
            return !locals.get(whole.server(local.leader())).leads() || whole.isCut(local.server(), local.leader());
        }
        for (int j = 1; j <= Whole.SERVERS; j++) {
            Local other = locals.get(whole.server(j));
            if (j != local.server() && other.alive() && other.leader() == local.server()) {
                return false;
            }
        }
        return true;
    }

    // ---- what becomes of it ----

    /** Makes a move in place. */
    void make(Whole whole, Move move) {
        broken = null;
        int at = move.at();
        switch (move.kind()) {
            case ARRIVE -> arrive(whole, at);
            case PERSIST -> happen(whole, at, Input.of(Kind.PERSISTED, 0, 0));
            case OPEN -> open(whole, at);
            case START -> happen(whole, at, Input.of(Kind.START, 0, 0));
            case LEAD -> {
                whole.spend(Budget.LEADS);
                happen(whole, at, Input.of(Kind.LEAD, 0, 0));
            }
            case FOLLOW -> happen(whole, at, Input.of(Kind.FOLLOW, move.detail(), 0));
            case SUBMIT -> {
                int number = bound.txns() - whole.left(Budget.TXNS) + 1;
                whole.spend(Budget.TXNS);
                happen(whole, at, Input.of(Kind.SUBMIT, 0, number));
            }
            case READ -> {
                int number = bound.reads() - whole.left(Budget.READS) + 1;
                whole.spend(Budget.READS);
                int least = laws.committed(whole).size();
                happen(whole, at, Input.of(Kind.READ, 0, number * Server.READS_STEP + least));
            }
            case TIMEOUT -> {
                if (!isAlone(whole, locals.get(whole.server(at)))) {
                    whole.spend(Budget.TIMEOUTS);
                }
                happen(whole, at, Input.of(Kind.TIMEOUT, 0, 0));
            }
            case CRASH -> {
                whole.spend(Budget.CRASHES);
                happen(whole, at, Input.of(Kind.CRASH, 0, move.detail()));
                closeAll(whole, at);
            }
            case CUT_OFF -> cutOff(whole, at);
            case HEAL -> whole.set(Budget.CUT_OFF, 0);
        }
    }

    private void happen(Whole whole, int server, Input input) {
        int before = whole.server(server);
        Step step = locals.step(before, input);
        whole.server(server, step.next());
        for (Output output : step.outputs()) {
            put(whole, server, output);
        }
        if (step.broken() != null) {
            broken = step.broken();
        } else if (broken == null && step.news()) {
            broken = laws.after(whole, locals.get(before), locals.get(step.next()));
        }
    }

    private void put(Whole whole, int server, Output output) {
        int connection = output.number() - 1;
        int lane = Whole.lane(connection, server == Whole.learnerOf(connection));
        if (!whole.isOpen(lane ^ 1)) {
            return;
        }
        if (output.message() == null) {
            close(whole, lane);
        } else if (whole.isOpen(lane)) {
            whole.content(lane, lanes.plus(whole.content(lane), output.message()));
        }
    }

    /** The sender of a lane closes its end: the receiver hears of it after all that was sent before. */
    private void close(Whole whole, int lane) {
        whole.shut(lane ^ 1);
        if (whole.isOpen(lane)) {
            whole.content(lane, lanes.plus(whole.content(lane), null));
        }
    }

    private void closeAll(Whole whole, int server) {
        for (int lane = 0; lane < 2 * Whole.CONNECTIONS; lane++) {
            if (Whole.sender(lane) == server && whole.isOpen(lane ^ 1)) {
                close(whole, lane);
            }
        }
    }

    private void arrive(Whole whole, int lane) {
        ReplicationMessage message = lanes.first(whole.content(lane));
        int receiver = Whole.receiver(lane);
        int number = lane / 2 + 1;
        whole.content(lane, lanes.withoutFirst(whole.content(lane)));
        if (message == null) {
            whole.shut(lane);
            happen(whole, receiver, Input.of(Kind.DISCONNECTED, Whole.sender(lane), number));
        } else {
            happen(whole, receiver, Input.received(Whole.sender(lane), number, message));
        }
    }

    /** Both ends hear of a new connection at once. */
    private void open(Whole whole, int learner) {
        int leader = locals.get(whole.server(learner)).dialing();
        int connection = freeConnection(whole, learner, leader);
        whole.open(Whole.lane(connection, true));
        whole.open(Whole.lane(connection, false));
        happen(whole, leader, Input.of(Kind.ACCEPTED, learner, connection + 1));
        if (broken == null) {
            happen(whole, learner, Input.of(Kind.CONNECTED, leader, connection + 1));
        }
    }

    /** Nothing gets through to a server or from it, also not what is under way; its ends hear of it at some time. */
    private void cutOff(Whole whole, int server) {
        whole.spend(Budget.PARTITIONS);
        whole.set(Budget.CUT_OFF, server);
        for (int lane = 0; lane < 2 * Whole.CONNECTIONS; lane++) {
            boolean concerned = Whole.sender(lane) == server || Whole.receiver(lane) == server;
            if (concerned && whole.isOpen(lane)) {
                whole.content(lane, lanes.plus(0, null));
            }
        }
    }

    /** Returns what a move is, for people. */
    String text(Whole before, Move move, Whole after) {
        int at = move.kind() == Move.Kind.ARRIVE ? Whole.receiver(move.at()) : move.at();
        String what = switch (move.kind()) {
            case ARRIVE -> arrival(before, move.at());
            case PERSIST -> "has written what it was writing";
            case OPEN -> "connects to server-" + locals.get(before.server(at)).dialing();
            case START -> "starts";
            case LEAD -> "is elected";
            case FOLLOW -> "elects server-" + move.detail();
            case SUBMIT -> "gets a request";
            case READ -> "is asked for a linearizable read";
            case TIMEOUT -> "has waited too long";
            case CRASH -> "DIES with " + move.detail() + " records of its write on disk";
            case CUT_OFF -> "IS CUT OFF";
            case HEAL -> "the network is whole again";
        };
        if (at == 0) {
            return what;
        }
        return String.format(
                "server-%d %s; %s", at, what, locals.get(after.server(at)).text());
    }

    private String arrival(Whole before, int lane) {
        ReplicationMessage message = lanes.first(before.content(lane));
        return message == null
                ? "hears that its link to server-" + Whole.sender(lane) + " ended"
                : "<- server-" + Whole.sender(lane) + " " + message;
    }
}
