package io.holdfast.server.rest.model;

import com.fasterxml.jackson.databind.JsonNode;
import io.holdfast.server.replica.SessionRequest;
import io.holdfast.server.rest.input.DurationBetween;
import io.holdfast.server.rest.input.Durations;
import io.holdfast.server.rest.input.JsonObject;
import io.holdfast.server.rest.input.PlainText;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The body that opens a session.
 *
 * @param ttl how long it lives without keepalive; brought to the nearer bound of the service if outside
 * @param name for people, and for listings by prefix
 * @param metadata any JSON object
 * @param lockDelay how long its locks stay closed after it expired
 */
@Schema(description = "What a new session is to be. Every field may be left out.")
public record SessionOpening(
        @Schema(description = "How long it lives without keepalive.", examples = "15s")
        @DurationBetween(min = "1ms", max = "24h")
        @Nullable
        String ttl,

        @Schema(description = "For people.", examples = "billing-7f9c") @PlainText(maxChars = 512) @Nullable
        String name,

        @Schema(
                description = "Any JSON object, at most 4 KiB.",
                type = SchemaType.OBJECT,
                implementation = Object.class)
        @JsonObject(maxBytes = Metadata.MAX_BYTES)
        @Nullable
        JsonNode metadata,

        @Schema(description = "How long its locks stay closed after it expired.", examples = "5s")
        @DurationBetween(max = "60s")
        @Nullable
        String lockDelay) {

    /** Nothing but defaults. */
    public static final SessionOpening DEFAULTS = new SessionOpening(null, null, null, null);

    /** Returns what the service is asked. */
    public SessionRequest request(@Nullable String idempotencyKey) {
        return new SessionRequest(
                idempotencyKey,
                ttl == null ? null : Durations.valid(ttl),
                name == null ? "" : name,
                Metadata.text(metadata),
                lockDelay == null ? Duration.ZERO : Durations.valid(lockDelay));
    }
}
