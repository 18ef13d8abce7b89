package io.holdfast.camel;

import io.holdfast.api.Candidacy;
import io.holdfast.api.LockBody;
import io.holdfast.api.Metadata;
import io.holdfast.client.HoldfastClient;
import io.holdfast.client.HoldfastException;
import io.holdfast.client.Leader;
import io.holdfast.client.LeaderElection;
import io.holdfast.client.Lease;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.support.cluster.AbstractCamelClusterView;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A namespace as an election: this member is a candidate while the view is started. Leadership changes before a
 * listener hears of it, and no listener hears of a leadership that is over already. Listeners are told one change at a
 * time, on threads of the view or of the client, and the lock is given up only after they returned.
 */
public final class HoldfastClusterView extends AbstractCamelClusterView {

    private static final Logger LOG = LoggerFactory.getLogger(HoldfastClusterView.class);

    private static final String NO_LEADER = "";
    private static final String LOCAL = "local with token ";

    /** For how long listeners are told that a leadership is over: the master component misses it while it starts. */
    private static final long REMINDED_MILLIS = 15_000;

    private final HoldfastClusterService service;
    private final String lockName;
    private final LocalMember localMember = new LocalMember();
    private final ReentrantLock telling = new ReentrantLock();
    private String told = NO_LEADER;
    private long reminders;
    private volatile Map<String, CamelClusterMember> members = Map.of();
    private volatile @Nullable LeaderElection election;
    private volatile @Nullable Lease lease;
    private volatile @Nullable ScheduledExecutorService lookups;

    HoldfastClusterView(HoldfastClusterService service, String namespace, String lockName) {
        super(service, namespace);
        this.service = service;
        this.lockName = lockName;
    }

    /** The lease of this member's leadership; empty when it does not lead, or must stop. */
    Optional<Lease> lease() {
        return Optional.ofNullable(lease).filter(held -> !held.stopping());
    }

    /** The leader as last heard of. */
    @Override
    public Optional<CamelClusterMember> getLeader() {
        return localMember.isLeader() ? Optional.of(localMember) : remoteLeader();
    }

    private Optional<CamelClusterMember> remoteLeader() {
        LeaderElection candidacy = election;
        return candidacy == null
                ? Optional.empty()
                : candidacy
                        .leader()
                        .map(Leader::candidate)
                        .filter(id -> !id.equals(localMember.getId()))
                        .map(RemoteMember::new);
    }

    @Override
    public CamelClusterMember getLocalMember() {
        return localMember;
    }

    /** The candidates, the leader first, as last looked up. */
    @Override
    public List<CamelClusterMember> getMembers() {
        return List.copyOf(members.values());
    }

    @Override
    protected void doStart() {
        HoldfastClient client = service.getClient();
        if (client == null) {
            throw new IllegalStateException("the cluster service is not started");
        }
        ScheduledExecutorService thread = getCamelContext()
                .getExecutorServiceManager()
                .newSingleThreadScheduledExecutor(this, "HoldfastClusterView-" + getNamespace());
        lookups = thread;
        LeaderElection candidacy =
                client.election(lockName).candidate(service.getId()).start(new Leadership());
        election = candidacy;
        candidacy.observe(leader -> look(thread));
        ScheduledFuture<?> unused =
                thread.scheduleWithFixedDelay(this::look, 0, service.interval().toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    protected void doStop() {
        LeaderElection candidacy = election;
        if (candidacy != null) {
            candidacy.close();
            election = null;
        }
        ScheduledExecutorService thread = lookups;
        if (thread != null) {
            getCamelContext().getExecutorServiceManager().shutdownNow(thread);
            lookups = null;
        }
        members = Map.of();
        telling.lock();
        try {
            told = NO_LEADER;
            reminders = 0;
        } finally {
            telling.unlock();
        }
    }

    private void look(ScheduledExecutorService thread) {
        try {
            thread.execute(this::look);
        } catch (RejectedExecutionException e) {
            LOG.debug("The view of {} is stopped", getNamespace());
        }
    }

    /** Looks up the members, and tells listeners what is new, or that this member does not lead. */
    private void look() {
        HoldfastClient client = service.getClient();
        if (client == null || election == null) {
            return;
        }
        // Before the read: it may take long.
        notifying(() -> tell(true));
        read(client).ifPresent(body -> notifying(() -> replaceMembers(body)));
    }

    private Optional<LockBody> read(HoldfastClient client) {
        try {
            return Optional.of(client.locks().get(lockName));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (HoldfastException | IllegalStateException e) {
            LOG.debug("The members of {} are not known now", getNamespace(), e);
        }
        return Optional.empty();
    }

    /** Does what calls listeners, one of which may fail. */
    private void notifying(Runnable change) {
        try {
            change.run();
        } catch (RuntimeException e) {
            LOG.warn("A listener of {} failed", getNamespace(), e);
        }
    }

    private static String candidate(@Nullable Metadata ticket, String session) {
        return Candidacy.of(ticket == null ? Metadata.NONE : ticket, session).candidate();
    }

    private void replaceMembers(LockBody body) {
        Map<String, CamelClusterMember> now = new LinkedHashMap<>();
        Stream.concat(
                        body.holders().stream().map(holder -> candidate(holder.metadata(), holder.session())),
                        body.waiters().stream().map(waiter -> candidate(waiter.metadata(), waiter.session())))
                .forEach(
                        id -> now.putIfAbsent(id, id.equals(localMember.getId()) ? localMember : new RemoteMember(id)));
        Map<String, CamelClusterMember> before = members;
        if (election == null) {
            return;
        }
        members = now;
        List<CamelClusterMember> gone = new ArrayList<>(before.values());
        gone.removeIf(member -> now.containsKey(member.getId()));
        gone.forEach(this::fireMemberRemovedEvent);
        now.values().stream()
                .filter(member -> !before.containsKey(member.getId()))
                .forEach(this::fireMemberAddedEvent);
    }

    /**
     * Tells listeners the leader as it is now, if that is another than they were told.
     *
     * @param reminds tells them again after this member's leadership is over
     */
    private void tell(boolean reminds) {
        telling.lock();
        try {
            Optional<Lease> held = lease();
            boolean local = held.isPresent();
            CamelClusterMember leader = local ? localMember : remoteLeader().orElse(null);
            String now = leader == null
                    ? NO_LEADER
                    : held.map(mine -> LOCAL + mine.token()).orElse(leader.getId());
            if (!now.equals(told)) {
                reminders = told.startsWith(LOCAL) ? remindersOfOne() : local ? 0 : reminders;
                told = now;
                fireLeadershipChangedEvent(leader);
            } else if (reminds && reminders > 0) {
                reminders--;
                fireLeadershipChangedEvent(leader);
            }
        } finally {
            telling.unlock();
        }
    }

    private long remindersOfOne() {
        return 1 + REMINDED_MILLIS / service.interval().toMillis();
    }

    /** Leads and stops leading, on the thread of the election. */
    final class Leadership implements LeaderElection.Listener {
        @Override
        public void elected(Lease leadership) {
            lease = leadership;
            LOG.info("{} leads {} with token {}", service.getId(), getNamespace(), leadership.token());
            tell(false);
        }

        @Override
        public void revoked(Lease leadership) {
            lease = null;
            LOG.info("{} leads {} no more", service.getId(), getNamespace());
            tell(false);
        }
    }

    /** This member. */
    private final class LocalMember implements CamelClusterMember {
        @Override
        public boolean isLeader() {
            return lease().isPresent();
        }

        @Override
        public boolean isLocal() {
            return true;
        }

        @Override
        public String getId() {
            return service.getId();
        }

        @Override
        public String toString() {
            return getId();
        }
    }

    /** Another member. */
    private final class RemoteMember implements CamelClusterMember {
        private final String id;

        RemoteMember(String id) {
            this.id = id;
        }

        @Override
        public boolean isLeader() {
            return !localMember.isLeader()
                    && remoteLeader()
                            .filter(leader -> leader.getId().equals(id))
                            .isPresent();
        }

        @Override
        public boolean isLocal() {
            return false;
        }

        @Override
        public String getId() {
            return id;
        }

        @Override
        public String toString() {
            return id;
        }
    }
}
