package io.holdfast.cdi;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.LeaderElection;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.Startup;
import jakarta.inject.Inject;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/** The elections in which this application is a candidate, one for each name. */
@ApplicationScoped
class Elections {

    @Inject
    HoldfastClient client;

    @Inject
    ClientSettings settings;

    private final Map<String, Candidate> candidates = new HashMap<>();

    /** A candidate and what it leads. */
    private record Candidate(LeaderElection election, Leadership leadership) {}

    /** Becomes a candidate in the elections that the settings name. */
    void start(@Observes Startup event) {
        settings.elections().forEach(this::of);
    }

    /** The leadership of an election; the first call makes this application a candidate. */
    synchronized Leadership of(String name) {
        return candidates.computeIfAbsent(name, this::stand).leadership();
    }

    private Candidate stand(String name) {
        Leadership leadership = new Leadership();
        LeaderElection.Builder builder = client.election(name);
        Function<String, LeaderElection.Builder> candidate = builder::candidate;
        LeaderElection election =
                settings.candidate().map(candidate).orElse(builder).start(leadership);
        return new Candidate(election, leadership);
    }

    @PreDestroy
    synchronized void close() {
        candidates.values().forEach(candidate -> candidate.election().close());
        candidates.clear();
    }
}
