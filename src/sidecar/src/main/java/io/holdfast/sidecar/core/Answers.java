package io.holdfast.sidecar.core;

import io.holdfast.api.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What programs are told about the leader, worked out at the moment at which they ask. Any thread. */
public final class Answers {

    private final String lock;
    private final String candidate;
    private final Duration ttl;
    private final Leadership leadership;
    private final LeaderView view;
    private final Clock clock;
    private final Moment started;

    /** Creates one; what is older than {@code ttl} names no leader. */
    public Answers(String lock, String candidate, Duration ttl, Leadership leadership, LeaderView view, Clock clock) {
        this.lock = lock;
        this.candidate = candidate;
        this.ttl = ttl;
        this.leadership = leadership;
        this.view = view;
        this.clock = clock;
        this.started = clock.now();
    }

    /**
     * The leader at a moment.
     *
     * @param leader null when there is none or it is not known; this candidate only while it leads
     * @param own the own leadership
     * @param ageMs how long ago the leader was last known to be that, -1 when nothing was heard yet
     * @param state {@code leading}, {@code stopping}, {@code following} or {@code unreachable}
     */
    public record Told(@Nullable Candidate leader, Leadership.Standing own, long ageMs, String state) {

        /** Whether it is the same leader, for a program that hears of changes only. */
        public boolean isSame(Told other) {
            return token() == other.token() && own.leads() == other.own.leads() && state.equals(other.state);
        }

        private long token() {
            return leader == null ? 0 : leader.token();
        }
    }

    /** What is known at this moment. */
    public Told now() {
        LeaderView.Sight sight = view.sight();
        Leadership.Standing own = leadership.now();
        Candidate leader = sight.leader();
        long age = sight.heard() == null ? -1 : sight.heard().millisUntil(clock.now());
        boolean known = age >= 0 && age <= ttl.toMillis();
        if (own.leads()) {
            // Its own lease says more than any node could.
            boolean told = leader != null && leader.token() == own.token();
            return new Told(told ? leader : null, own, 0, "leading");
        }
        String state = own.token() > 0 ? "stopping" : known ? "following" : "unreachable";
        // This candidate is not named unless it leads: programs compare the name with their own.
        boolean named = known && leader != null && !leader.id().equals(candidate);
        return new Told(named ? leader : null, own, age, state);
    }

    /** Whether the ensemble was heard of within a ttl. */
    public boolean isReady() {
        LeaderView.Sight sight = view.sight();
        Moment heard = sight.heard();
        return heard != null && heard.millisUntil(clock.now()) <= ttl.toMillis();
    }

    /** As {@code /leader} and the events tell it. */
    public Json.Writable document(Told told) {
        Candidate leader = told.leader();
        Json.Writable shown = leader == null
                ? null
                : out -> out.begin()
                        .field("candidate", leader.id())
                        .field("token", leader.token())
                        .field("since", leader.since().toString())
                        .field("metadata", leader.metadata())
                        .end();
        return out -> out.begin()
                .field("lock", lock)
                .field("leader", shown)
                .field("candidate", candidate)
                .field("me", told.own().leads())
                .field("validForMs", told.own().validForMs())
                .field("ageMs", told.ageMs())
                .field("state", told.state())
                .end();
    }

    /** As the retired leader-elector tells it: an empty name when there is no leader. */
    public Json.Writable electorDocument(Told told) {
        Candidate leader = told.leader();
        Instant since = leader == null ? Instant.ofEpochMilli(started.wallMillis()) : leader.since();
        return out -> out.begin()
                .field("name", leader == null ? "" : leader.id())
                .field("last_update", since.truncatedTo(ChronoUnit.SECONDS).toString())
                .end();
    }
}
