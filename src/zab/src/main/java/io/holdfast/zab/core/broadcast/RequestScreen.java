package io.holdfast.zab.core.broadcast;

import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Trace;
import io.holdfast.zab.core.message.Touch;
import io.holdfast.zab.core.state.Replica;
import java.nio.BufferUnderflowException;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps out of the log what no member could apply, and of the lease clock what it could not read: a transaction that is
 * committed is applied by every member, at every start again, so one that ends a node ends all of them for good
 * (decision 0027).
 */
final class RequestScreen {

    private final Replica replica;

    /** Until when a server's bad requests are refused without a word: one line a second is enough. */
    private final Map<ServerId, Long> quietUntil = new TreeMap<>();

    RequestScreen(Replica replica) {
        this.replica = replica;
    }

    /** Returns whether every member can apply the request. */
    boolean admits(ClientRequest request) {
        return admits(request.asker(), "a request", objection(request));
    }

    /** Returns whether the lease clock can read the note. */
    boolean admits(Asker asker, Touch touch) {
        String objection = replica.effects().screenNote(asker.server(), touch.note(), replica.configuration());
        return admits(asker, "a note", objection);
    }

    /** Returns whether a server may have another one lead. */
    boolean admitsHandOff(Asker asker) {
        String objection = replica.effects().screenAdministration(asker.server(), replica.configuration());
        return admits(asker, "a request for another leader", objection);
    }

    private boolean admits(Asker asker, String what, @Nullable String objection) {
        if (objection == null) {
            return true;
        }
        ServerId server = asker.server();
        if (quietUntil.getOrDefault(server, Long.MIN_VALUE) <= replica.now()) {
            quietUntil.put(server, replica.in(replica.config().resendMaxMillis()));
            replica.effects().trace(new Trace.Refused(server, what, objection));
        }
        return false;
    }

    private @Nullable String objection(ClientRequest request) {
        Payload payload = request.payload();
        if (request.crc32c() != payload.crc32c()) {
            return String.format(
                    "its checksum was %08x where it came in and is %08x here", request.crc32c(), payload.crc32c());
        }
        return switch (request.type()) {
            case COMMAND -> replica.effects().screen(request.asker().server(), payload, replica.configuration());
            case CONFIGURATION -> objectionToConfiguration(request.asker(), payload);
            case ACTIVATION -> request.asker().link() == null ? null : "an activation is the leader's own";
        };
    }

    private @Nullable String objectionToConfiguration(Asker asker, Payload payload) {
        try {
            ConfigurationCodec.of(payload);
            return replica.effects().screenAdministration(asker.server(), replica.configuration());
        } catch (BufferUnderflowException e) {
            return "a configuration ends too early";
        } catch (IllegalArgumentException e) {
            return "no configuration: " + e.getMessage();
        }
    }
}
