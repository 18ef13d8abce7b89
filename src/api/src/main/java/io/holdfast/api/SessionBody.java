package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A session with what it holds and waits for.
 *
 * @param id how requests name it
 * @param name as given
 * @param metadata as given; absent in listings that were not asked for it
 * @param ttlMs how long it lives without keepalive
 * @param driftPerMille as in {@link OpenedSession}; absent from older servers
 * @param ttlLeftMs time left on the leader; absent when the node does not know it
 * @param lockDelayMs how long its locks stay closed after it expired
 * @param owner principal that it belongs to; absent when none is known
 * @param grants what it holds and waits for, oldest first; absent in listings
 */
public record SessionBody(
        String id,
        String name,
        @Nullable Metadata metadata,
        long ttlMs,
        @Nullable Integer driftPerMille,
        @Nullable Long ttlLeftMs,
        long lockDelayMs,
        @Nullable String owner,
        @Nullable List<GrantBody> grants)
        implements Json.Writable {

    /** Reads one. */
    public static SessionBody read(JsonReader in) throws MalformedJsonException {
        String id = null;
        String name = null;
        Metadata metadata = null;
        Long ttlMs = null;
        Integer driftPerMille = null;
        Long ttlLeftMs = null;
        Long lockDelayMs = null;
        String owner = null;
        List<GrantBody> grants = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "id" -> id = in.text();
                case "name" -> name = in.text();
                case "metadata" -> metadata = in.metadata();
                case "ttlMs" -> ttlMs = in.count();
                case "driftPerMille" -> driftPerMille = in.smallCount();
                case "ttlLeftMs" -> ttlLeftMs = in.count();
                case "lockDelayMs" -> lockDelayMs = in.count();
                case "owner" -> owner = in.text();
                case "grants" -> grants = in.list(GrantBody::read);
                default -> in.skip();
            }
        }
        return new SessionBody(
                in.required("id", id),
                in.required("name", name),
                metadata,
                in.required("ttlMs", ttlMs),
                driftPerMille,
                ttlLeftMs,
                in.required("lockDelayMs", lockDelayMs),
                owner,
                grants);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("id", id)
                .field("name", name)
                .field("metadata", metadata)
                .field("ttlMs", ttlMs)
                .field("driftPerMille", driftPerMille)
                .field("ttlLeftMs", ttlLeftMs)
                .field("lockDelayMs", lockDelayMs)
                .field("owner", owner)
                .list("grants", grants)
                .end();
    }
}
