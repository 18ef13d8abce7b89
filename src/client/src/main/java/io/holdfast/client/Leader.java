package io.holdfast.client;

import io.holdfast.api.Metadata;
import java.time.Duration;
import java.util.function.Supplier;

/** The leader of an election as it was last heard of. */
public final class Leader {

    private final String candidate;
    private final long token;
    private final Metadata metadata;
    private final Supplier<Duration> age;

    /**
     * Creates one.
     *
     * @param candidate its id; that of its session when it stood without one
     * @param token its fencing token
     * @param metadata as it gave them
     * @param age tells for how long this has not been confirmed
     */
    public Leader(String candidate, long token, Metadata metadata, Supplier<Duration> age) {
        this.candidate = candidate;
        this.token = token;
        this.metadata = metadata;
        this.age = age;
    }

    /** Id of the candidate. */
    public String candidate() {
        return candidate;
    }

    /** Fencing token; a later leader has a greater one. */
    public long token() {
        return token;
    }

    /** What the candidate gave: where to reach it, for example. */
    public Metadata metadata() {
        return metadata;
    }

    /** How long ago it was last known to lead. */
    public Duration age() {
        return age.get();
    }

    @Override
    public String toString() {
        return candidate + " with token " + token;
    }
}
