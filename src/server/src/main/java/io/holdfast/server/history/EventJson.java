package io.holdfast.server.history;

import io.holdfast.lock.Breaking;
import io.holdfast.lock.Cause;
import io.holdfast.lock.Change;
import io.holdfast.lock.GrantView;
import io.holdfast.lock.Presence;
import io.holdfast.lock.Revision;
import io.holdfast.lock.Yield;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Changes as JSON, written by hand because it is on the path of every transaction. Names and ids are letters, digits
 * and {@code ._:@-/}, so nothing needs escaping.
 */
public final class EventJson {

    private static final int CHARS_OF_A_CHANGE = 160;

    /** Without its texts, about. */
    private static final int BYTES_OF_A_CHANGE = 120;

    /** Characters of one that is not ASCII. */
    private static final int ESCAPED = 6;

    private EventJson() {}

    /** Returns the data of a message with changes of one transaction. */
    public static StringBuilder transaction(long revision, long atMillis, List<Change> changes) {
        StringBuilder json = new StringBuilder(64 + CHARS_OF_A_CHANGE * changes.size());
        begin(json, revision).append(",\"at\":\"").append(Instant.ofEpochMilli(atMillis));
        json.append("\",\"changes\":[");
        String comma = "";
        for (Change change : changes) {
            json.append(comma);
            change(json, change);
            comma = ",";
        }
        return json.append("]}");
    }

    /** Returns the data of the message that says that an epoch began. */
    static StringBuilder epoch(long revision, long atMillis) {
        StringBuilder json = begin(new StringBuilder(160), revision);
        json.append(",\"at\":\"").append(Instant.ofEpochMilli(atMillis));
        json.append("\",\"changes\":[{\"kind\":\"").append(EventKind.LEADER_CHANGED);
        return json.append("\",\"epoch\":").append(revision >>> 32).append("}]}");
    }

    /** Returns the data of the message that says who the members are from here on. */
    static StringBuilder members(long revision, long atMillis, MembersNow now) {
        StringBuilder json = begin(new StringBuilder(160 + 64 * now.members().size()), revision);
        json.append(",\"at\":\"").append(Instant.ofEpochMilli(atMillis));
        json.append("\",\"changes\":[{\"kind\":\"").append(EventKind.MEMBER_CHANGED);
        json.append("\",\"version\":").append(now.version()).append(",\"members\":[");
        String comma = "";
        for (MembersNow.One member : now.members()) {
            json.append(comma).append("{\"id\":").append(member.id());
            text(json, "role", member.role());
            words(json, "address", member.address());
            json.append('}');
            comma = ",";
        }
        return json.append("]}]}");
    }

    /** Returns one change of a transaction as an object of its own. */
    public static StringBuilder one(long revision, Change change) {
        StringBuilder json =
                begin(new StringBuilder(2 * CHARS_OF_A_CHANGE), revision).append(',');
        int from = json.length();
        change(json, change);
        return json.deleteCharAt(from);
    }

    /**
     * Returns a change that tells a holder something, with what it says.
     *
     * @param holder the grant as the transaction left it
     */
    public static StringBuilder notice(long revision, Change change, GrantView holder) {
        StringBuilder json = one(revision, change);
        json.setLength(json.length() - 1);
        if (change.kind() == Change.Kind.YIELD_REQUESTED) {
            yieldFields(json, holder.yield());
        } else if (change.kind() == Change.Kind.BREAK_ANNOUNCED) {
            breakFields(json, holder.breaking());
        }
        return json.append('}');
    }

    /** Writes to whom a holder is asked to hand its locks, if it is. */
    public static void yieldFields(StringBuilder json, @Nullable Yield yield) {
        if (yield != null) {
            text(json, "to", yield.to());
            json.append(",\"drainMs\":").append(yield.drainMillis());
        }
    }

    /** Writes who will take a holder's locks, and why, if somebody will. */
    public static void breakFields(StringBuilder json, @Nullable Breaking breaking) {
        if (breaking != null) {
            words(json, "by", breaking.by());
            words(json, "reason", breaking.reason());
            json.append(",\"afterMs\":").append(breaking.afterMillis());
        }
    }

    /** Begins an object that says at which revision it is true. */
    public static StringBuilder begin(StringBuilder json, long revision) {
        return json.append("{\"revision\":\"").append(Revision.text(revision)).append('"');
    }

    private static void change(StringBuilder json, Change change) {
        Cause cause = change.cause();
        item(json, EventKind.of(change.kind()), change.lock(), change.grant(), change.session(), change.token());
        holder(json, change.holder());
        if (change.kind() == Change.Kind.LIMIT_CHANGED) {
            json.append(",\"limit\":").append(change.millis());
        }
        if (cause != null) {
            text(json, "cause", cause.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        json.append('}');
    }

    /**
     * Writes a grant of a lock, or a place in its line, that is there now, as the change that made it would be written.
     */
    public static void present(StringBuilder json, Presence grant) {
        Change.Kind kind = grant.token() == 0 ? Change.Kind.WAITING : Change.Kind.GRANTED;
        item(json, EventKind.of(kind), grant.lock(), grant.grant(), grant.session(), grant.token());
        holder(json, grant.holder());
        json.append('}');
    }

    /** Writes a session that is open now, as the change that opened it would be written. */
    public static void present(StringBuilder json, long session) {
        item(json, EventKind.of(Change.Kind.SESSION_OPENED), null, null, session, 0);
        json.append('}');
    }

    private static void item(
            StringBuilder json, String kind, @Nullable String lock, @Nullable String grant, long session, long token) {
        json.append("{\"kind\":\"").append(kind).append('"');
        if (lock != null) {
            text(json, "lock", lock);
        }
        if (grant != null) {
            text(json, "grant", grant);
        }
        if (session != 0) {
            text(json, "session", Revision.text(session));
        }
        if (token != 0) {
            json.append(",\"token\":").append(token);
        }
    }

    private static void holder(StringBuilder json, Change.@Nullable Holder holder) {
        if (holder == null) {
            return;
        }
        if (!holder.sessionName().isEmpty()) {
            words(json, "sessionName", holder.sessionName());
        }
        if (!holder.metadata().isEmpty()) {
            json.append(",\"metadata\":");
            // JSON already: what is not ASCII is inside of its texts.
            for (int i = 0; i < holder.metadata().length(); i++) {
                character(json, holder.metadata().charAt(i));
            }
        }
    }

    /** Returns about how many bytes a change takes in a message. */
    public static int bytes(Change change) {
        return BYTES_OF_A_CHANGE
                + Committed.length(change.lock())
                + Committed.length(change.grant())
                + bytes(change.holder());
    }

    /** Returns about how many bytes it takes in a message what a holder says of itself. */
    static int bytes(Change.@Nullable Holder holder) {
        return holder == null ? 0 : bytes(holder.sessionName()) + bytes(holder.metadata());
    }

    private static int bytes(String text) {
        int bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            bytes += isPlain(text.charAt(i)) ? 0 : ESCAPED - 1;
        }
        return bytes;
    }

    /** Writes what people wrote, in ASCII. */
    private static void words(StringBuilder json, String name, String value) {
        json.append(",\"").append(name).append("\":\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c == '"' || c == '\\') {
                escaped(json, c);
            } else {
                character(json, c);
            }
        }
        json.append('"');
    }

    private static void character(StringBuilder json, char c) {
        if (isPlain(c)) {
            json.append(c);
        } else {
            escaped(json, c);
        }
    }

    private static void escaped(StringBuilder json, char c) {
        json.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
            json.append(Character.forDigit(c >> shift & 0xF, 16));
        }
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c <= '~';
    }

    private static void text(StringBuilder json, String name, String value) {
        json.append(",\"").append(name).append("\":\"").append(value).append('"');
    }
}
