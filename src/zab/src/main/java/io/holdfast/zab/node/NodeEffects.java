package io.holdfast.zab.node;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Effects;
import io.holdfast.zab.core.Link;
import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.ReplicationMessage;
import io.holdfast.zab.core.message.SnapshotChunk;
import io.holdfast.zab.log.NoRoomException;
import io.holdfast.zab.net.PeerNet;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Hands what the core asks for to whoever does it. Nothing is done inside the core's call but putting it into a queue.
 */
final class NodeEffects<S extends StateMachine> implements Effects {

    private static final Logger LOG = Logger.getLogger(ZabNode.class);
    private static final long INACTIVE = Long.MIN_VALUE;

    private final NodeLoop<S> loop;
    private final NodeListener<S> listener;
    private final NodeMetrics metrics;
    private final PeerNet net;
    private final LogWriter log;
    private final SnapshotIntake intake;
    private final LiveState<S> state;
    private final Asks<S> asks;
    private final StateMachineFactory<S> factory;
    private final ServerId self;
    private long leaderlessSince = System.nanoTime();

    NodeEffects(
            NodeLoop<S> loop,
            NodeParts<S> parts,
            PeerNet net,
            LogWriter log,
            SnapshotIntake intake,
            LiveState<S> state) {
        this.loop = loop;
        this.self = parts.config().self();
        this.listener = parts.listener();
        this.metrics = parts.metrics();
        this.net = net;
        this.log = log;
        this.intake = intake;
        this.state = state;
        this.asks = loop.asks();
        this.factory = parts.factory();
    }

    @Override
    public void notify(ServerId to, ElectionMessage message) {
        net.notify(to, message);
    }

    @Override
    public void connect(ServerId leader) {
        net.connect(leader);
    }

    @Override
    public void close(Link link, String reason) {
        LOG.debugf("server %s ends %s: %s", self, link, reason);
        metrics.linkEnded();
        net.close(link, reason);
    }

    @Override
    public void send(Link link, ReplicationMessage message) {
        net.send(link, message);
    }

    @Override
    public long snapshotBytes(Zxid zxid) {
        return intake.fileBytes(zxid);
    }

    @Override
    public void sendSnapshot(Link link, Zxid zxid, long upTo) {
        net.sendSnapshot(link, zxid, upTo);
    }

    @Override
    public void append(LogRecord record) {
        log.append(record);
    }

    @Override
    public void expectSnapshot(Zxid zxid, long bytes) {
        intake.expect(zxid, bytes);
    }

    @Override
    public void storeSnapshot(Zxid zxid, SnapshotChunk chunk) {
        intake.offer(zxid, chunk);
    }

    @Override
    public void takeSnapshot(Position at, Configuration configuration) {
        state.takeSnapshot(at, configuration, new SnapshotTaker.Outcome() {
            @Override
            public void taken(long stateBytes) {
                loop.run((core, now) -> {
                    core.stateBytes(stateBytes);
                    core.snapshotTaken(now, at);
                });
                loop.snapshotEnded(null);
            }

            @Override
            public void noRoom(NoRoomException cause) {
                loop.run((core, now) -> {
                    if (!core.snapshotFailed(now, at.zxid())) {
                        throw state.exhausted(cause);
                    }
                });
                loop.snapshotEnded(cause);
            }

            @Override
            public void failed(Throwable cause) {
                loop.fail(cause);
            }
        });
    }

    @Override
    public void restore(Zxid zxid) {
        state.restore(zxid, new LiveState.Restoring() {
            @Override
            public void loaded(long stateBytes, Runnable replace) {
                LOG.infof("server %s takes over the state of the snapshot at %s", self, zxid);
                loop.run((core, now) -> {
                    core.stateBytes(stateBytes);
                    replace.run();
                });
            }

            @Override
            public void failed(Throwable cause) {
                loop.fail(cause);
            }
        });
    }

    @Override
    public @Nullable String screen(ServerId from, Payload command, Configuration committed) {
        return factory.screen(command, originOf(from, committed), committed.level());
    }

    @Override
    public @Nullable String screenNote(ServerId from, Payload note, Configuration committed) {
        return factory.screenNote(note, originOf(from, committed), committed.level());
    }

    @Override
    public @Nullable String screenAdministration(ServerId from, Configuration committed) {
        return factory.screenAdministration(originOf(from, committed));
    }

    private PayloadOrigin originOf(ServerId from, Configuration committed) {
        if (from.equals(self)) {
            return PayloadOrigin.OWN;
        }
        return committed.isVoter(from) ? PayloadOrigin.PEER : PayloadOrigin.OBSERVER;
    }

    @Override
    public void deliver(Txn txn) {
        state.deliver(txn);
    }

    @Override
    public void requestFailed(long requestId, RequestFailure failure) {
        failed(requestId, failure);
    }

    @Override
    public void readReady(long readId) {
        state.then(now -> asks.answer(readId, now, null));
    }

    @Override
    public void readFailed(long readId, RequestFailure failure) {
        failed(readId, failure);
    }

    @Override
    public void touched(ServerId from, Payload note) {
        state.touched(from, note);
    }

    @Override
    public void touchConfirmed(long touchId) {
        state.then(now -> asks.answer(touchId, now, null));
    }

    @Override
    public void touchFailed(long touchId, RequestFailure failure) {
        failed(touchId, failure);
    }

    @Override
    public void became(Role role, Phase phase, long epoch, @Nullable ServerId leader, String reason) {
        if (leader == null) {
            LOG.infof("server %s is %s: %s", self, role, reason);
        } else if (epoch == 0) {
            LOG.infof("server %s is %s in %s, leader %s: %s", self, role, phase, leader, reason);
        } else {
            LOG.infof("server %s is %s in %s, epoch %d, leader %s: %s", self, role, phase, epoch, leader, reason);
        }
        if (phase != Phase.BROADCAST) {
            leaderlessSince = leaderlessSince == INACTIVE ? System.nanoTime() : leaderlessSince;
        } else if (leaderlessSince != INACTIVE) {
            metrics.electionEnded(System.nanoTime() - leaderlessSince);
            leaderlessSince = INACTIVE;
        }
        state.then(now -> listener.became(role, phase, epoch, leader, reason));
    }

    @Override
    public void trace(Trace event) {
        String what = "server " + self + ": " + TraceText.of(event);
        if (event instanceof Trace.StateDiffers) {
            metrics.stateDiffers();
        }
        if (event instanceof Trace.Diverged
                || event instanceof Trace.StateDiffers
                || event instanceof Trace.Refused
                || event instanceof Trace.Impossible
                || event instanceof Trace.AckRegression) {
            LOG.error(what);
        } else if (event instanceof Trace.OtherDisk || event instanceof Trace.AwaitsFounders) {
            LOG.warn(what);
        } else if (event instanceof Trace.Ignored) {
            LOG.debug(what);
        } else {
            LOG.info(what);
        }
    }

    /** A failure waits for no state: a client that is told late waits for nothing. */
    private void failed(long id, RequestFailure failure) {
        metrics.requestFailed(failure);
        loop.later(() -> asks.fail(id, failure));
    }
}
