package io.holdfast.spring.integration;

import java.util.ArrayList;
import java.util.List;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.integration.leader.AbstractCandidate;
import org.springframework.integration.leader.Context;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;

/** What candidates of several initiators are told, in the order in which they are. Any thread. */
final class Leadership {

    private final List<String> told = new ArrayList<>();

    /** A candidate that is told by one initiator. */
    final class Candidate extends AbstractCandidate {
        private volatile Context context;

        Candidate(String id, String role) {
            super(id, role);
        }

        @Override
        public void onGranted(Context granted) {
            context = granted;
            tell("granted " + getId());
        }

        @Override
        public void onRevoked(Context revoked) {
            tell("revoked " + getId());
        }

        void giveUp() {
            context.yield();
        }
    }

    private synchronized void tell(String what) {
        told.add(what);
    }

    synchronized List<String> told() {
        return List.copyOf(told);
    }

    synchronized boolean wasTold(String what) {
        return told.contains(what);
    }

    synchronized long count(String what) {
        return told.stream().filter(what::equals).count();
    }

    /** Starts an initiator on a registry. */
    static LockRegistryLeaderInitiator start(HoldfastLockRegistry registry, AbstractCandidate candidate) {
        LockRegistryLeaderInitiator initiator = new LockRegistryLeaderInitiator(registry, candidate);
        ApplicationEventPublisher none = event -> {};
        initiator.setApplicationEventPublisher(none);
        initiator.setHeartBeatMillis(50);
        initiator.setBusyWaitMillis(10);
        initiator.start();
        return initiator;
    }
}
