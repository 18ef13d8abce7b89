package io.holdfast.server.config;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.util.Optional;

/** Records of administration, breaks and refusals: one JSON object on a line, on the node that received the request. */
public interface AuditConfig {

    /** Which requests are recorded; each level has those before it, too. */
    enum Level {
        /** Administration, breaks, and forced ends of sessions. */
        ADMIN,
        /** Refusals for lack of identity or rights, and by limits. */
        DENIED,
        /** Requests that change locks and sessions, except keepalives. */
        WRITES,
        /** Every request of the API. */
        ALL
    }

    /**
     * Which requests are recorded. {@code admin}: administration, breaks and forced ends of sessions. {@code denied}:
     * also refusals for lack of identity or rights, or by limits. {@code writes}: also requests that change locks and
     * sessions, except keepalives. {@code all}: every request of the API.
     */
    @WithDefault("denied")
    Level level();

    /**
     * File of the records, of this node alone; its directory must exist. It is created with mode 0600, and opened again
     * after it was moved. Default: the node's log, category {@code holdfast.audit}.
     */
    Optional<Path> file();

    /** Size from which the file is moved to {@code FILE.1}, and those before it to {@code FILE.2} and so on. */
    @WithDefault("64M")
    MemorySize fileSize();

    /** Moved files that are kept. 0: the file is never moved, because another program does that. */
    @WithDefault("9")
    @Min(0)
    @Max(1_000)
    int filesKept();

    /**
     * Whether administration, breaks and forced ends of sessions are refused, 503 {@code not-audited}, while the file
     * cannot be written. Needs {@code holdfast.audit.file}.
     */
    @WithDefault("false")
    boolean mandatory();
}
