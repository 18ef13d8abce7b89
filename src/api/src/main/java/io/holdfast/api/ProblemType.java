package io.holdfast.api;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every kind of failure that a client can be told: one slug, one cause, one paragraph in {@code docs/problems.md}. */
public enum ProblemType {
    INVALID_REQUEST(400, "The request is not valid"),
    UNAUTHENTICATED(401, "The credential proves nothing here"),
    FORBIDDEN(403, "No rule allows it"),
    NOT_YOURS(403, "It belongs to another principal"),
    FOREIGN_ORIGIN(403, "The request comes from a page of another site"),
    TLS_REQUIRED(403, "The credential is taken over TLS only"),
    PATH_UNKNOWN(404, "Nothing is served at this path"),
    SESSION_UNKNOWN(404, "No such session was ever heard of"),
    GRANT_UNKNOWN(404, "No such grant was ever heard of"),
    MEMBER_UNKNOWN(404, "No member has that id"),
    ACL_UNKNOWN(404, "The rules have nothing of that name"),
    METHOD_NOT_ALLOWED(405, "The path does not take this method"),
    NOT_ACCEPTABLE(406, "The answer cannot be given in an accepted media type"),
    REQUEST_TIMEOUT(408, "The request did not arrive in time"),
    ID_TAKEN(409, "Another principal uses this id"),
    KEY_MISMATCH(409, "The idempotency key was used with other content"),
    GRANT_MISMATCH(409, "The grant id was used with other content"),
    DEADLOCK(409, "The ticket would close a cycle of waiting sessions"),
    LIMIT_MISMATCH(409, "The lock is in use with another limit"),
    MODE_REFUSED(409, "The grant cannot have this mode now"),
    LIMIT_REFUSED(409, "The semaphore cannot have this limit now"),
    SESSION_SUPERSEDED(409, "A newer process took the session over"),
    TRANSFER_REFUSED(409, "The locks cannot be handed to that ticket"),
    GRANT_WAITING(409, "The grant is waiting and cannot be warned"),
    MEMBER_MISMATCH(409, "The id or the address belongs to another member"),
    CHANGE_IN_PROGRESS(409, "Another change of the members is under way"),
    NOT_SYNCED(409, "The member is not in step with the leader"),
    NO_SUCCESSOR(409, "No other member can lead"),
    WOULD_LOSE_QUORUM(409, "After the change there would be no quorum"),
    LAST_ADMINISTRATOR(409, "After the change the rules could not be changed any more"),
    SESSION_ENDED(410, "The session is over"),
    GRANT_ENDED(410, "The grant is over"),
    TOKEN_STALE(412, "The token is not that of the grant"),
    VERSION_STALE(412, "The configuration is not of that version"),
    BODY_TOO_LARGE(413, "The body is too large"),
    URI_TOO_LONG(414, "The request target is too long"),
    UNSUPPORTED_MEDIA_TYPE(415, "The body's media type is not understood"),
    NOT_HERE(421, "This member passes no such request on"),
    FOREIGN_HOST(421, "The request names another host"),
    LOCK_HELD(423, "The lock is held"),
    LOCK_DELAYED(423, "The lock is closed for a while"),
    QUOTA_EXCEEDED(429, "A configured bound is reached"),
    RATE_LIMITED(429, "Too many requests of this kind"),
    HEADERS_TOO_LARGE(431, "The headers are too large"),
    INTERNAL_ERROR(500, "The server failed"),
    NO_LEADER(503, "There is no leader"),
    OVERLOADED(503, "Too much work is outstanding"),
    NOT_READY(503, "The node is not ready to answer this"),
    NOT_A_MEMBER(503, "The node is no member of its ensemble"),
    LEVEL_TOO_LOW(503, "The ensemble is not at the level that this needs"),
    AUTH_UNAVAILABLE(503, "The credential cannot be checked now"),
    NOT_AUDITED(503, "The request could not be recorded"),
    OUTCOME_UNKNOWN(504, "The outcome is not known"),
    NO_ROOM(507, "The disk of this node has no room");

    private static final Map<String, ProblemType> BY_SLUG =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(ProblemType::slug, type -> type));

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    /** Returns the last part of the type URI, in lower case with hyphens. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns the type URI. */
    public String urn() {
        return Problem.URN + slug();
    }

    /** Returns the type with that slug; nothing when this release does not know it. */
    public static Optional<ProblemType> of(String slug) {
        return Optional.ofNullable(BY_SLUG.get(slug));
    }

    /** Returns the HTTP status. */
    public int status() {
        return status;
    }

    /** Returns what all problems of this type have in common, for people. */
    public String title() {
        return title;
    }
}
