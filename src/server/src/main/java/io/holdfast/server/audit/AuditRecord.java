package io.holdfast.server.audit;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import io.holdfast.server.caller.Caller;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One line of the record: a request, or how many more were refused for the same reason. Immutable.
 *
 * @param call the request
 * @param at when it was over, in milliseconds since the epoch
 * @param end what became of it
 * @param count how many requests like it a line is for, after the one that was written at once; 0 for one request
 */
record AuditRecord(AuditedCall call, long at, End end, long count) {

    /** Longest text of one field, in UTF-16 units. */
    static final int TEXT_MAX = 600;

    /** Locks of one line; a set has more only where its last is left out. */
    static final int LOCKS_MAX = 16;

    /** In ASCII: a name cannot break a line, nor change how a terminal shows it, and half a character is none. */
    private static final JsonFactory JSON =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /**
     * How a request ended.
     *
     * @param answered whether the client was there for its answer
     * @param status of the answer
     * @param millis from its first byte
     * @param revision that the answer was read at; null for none
     * @param aclRevision of the rules in force
     * @param policy that allowed it; null where rules are not asked
     * @param from where the request came from
     */
    record End(
            boolean answered,
            int status,
            long millis,
            @Nullable String revision,
            String aclRevision,
            @Nullable String policy,
            Origin from) {}

    /**
     * Where a request came from.
     *
     * @param remote address of its connection
     * @param via {@code tls} or {@code plain}
     * @param trace its {@code traceparent}; null for none
     */
    record Origin(String remote, String via, @Nullable String trace) {}

    /** Returns an empty one. */
    static AuditRecord ofNothing() {
        End end = new End(true, 0, 0, null, "", null, new Origin("", "", null));
        return new AuditRecord(AuditedCall.ofNothing(), 0, end, 0);
    }

    /** Returns it for so many more. */
    AuditRecord times(long more) {
        return new AuditRecord(call, at, end, more);
    }

    /** Returns {@code ok}, {@code refused}, {@code failed} or {@code unanswered}. */
    String outcome() {
        if (!end.answered) {
            return "unanswered";
        }
        return call.problem() == null ? "ok" : end.status >= 500 ? "failed" : "refused";
    }

    /** Returns the line, without its end. */
    String json(int node) {
        StringWriter text = new StringWriter(512);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            head(out, node, at);
            field(out, "revision", end.revision);
            field(out, "aclRevision", end.aclRevision);
            field(out, "request", end.from.trace);
            field(out, "operation", call.operation().id());
            field(out, "verb", call.verb());
            locks(out, call.locks());
            field(out, "session", call.session());
            field(out, "grant", call.grant());
            if (call.token() != 0) {
                out.writeNumberField("token", call.token());
            }
            caller(out, call.caller());
            field(out, "remote", end.from.remote);
            field(out, "via", end.from.via);
            field(out, "outcome", outcome());
            field(out, "problem", call.problem());
            field(out, "policy", end.policy);
            out.writeNumberField("ms", end.millis);
            field(out, "detail", call.detail());
            count(out, count);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    /** Returns the line with the number of lines that are missing before it. */
    static String lost(int node, long at, long count) {
        StringWriter text = new StringWriter(128);
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            head(out, node, at);
            field(out, "operation", "audit");
            field(out, "outcome", "lost");
            count(out, count);
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static void head(JsonGenerator out, int node, long at) throws IOException {
        field(out, "ts", Instant.ofEpochMilli(at).toString());
        out.writeNumberField("node", node);
    }

    private static void count(JsonGenerator out, long count) throws IOException {
        if (count > 0) {
            out.writeNumberField("count", count);
        }
    }

    private static void locks(JsonGenerator out, List<String> locks) throws IOException {
        if (locks.size() == 1) {
            field(out, "lock", locks.get(0));
        } else if (!locks.isEmpty()) {
            out.writeArrayFieldStart("lock");
            for (String lock : locks.subList(0, Math.min(LOCKS_MAX, locks.size()))) {
                out.writeString(bounded(lock));
            }
            if (locks.size() > LOCKS_MAX) {
                out.writeString("...");
            }
            out.writeEndArray();
        }
    }

    private static void caller(JsonGenerator out, @Nullable Caller caller) throws IOException {
        if (caller == null) {
            return;
        }
        field(out, "principal", caller.principal());
        int method = caller.principal().indexOf(':');
        field(out, "method", method < 0 ? "none" : caller.principal().substring(0, method));
        field(out, "credential", caller.credential().isEmpty() ? null : caller.credential());
    }

    private static void field(JsonGenerator out, String name, @Nullable String value) throws IOException {
        if (value != null && !value.isEmpty()) {
            out.writeStringField(name, bounded(value));
        }
    }

    private static String bounded(String text) {
        return text.length() <= TEXT_MAX ? text : text.substring(0, TEXT_MAX) + "...";
    }
}
