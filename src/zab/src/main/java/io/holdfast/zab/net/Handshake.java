package io.holdfast.zab.net;

import io.holdfast.zab.core.ServerId;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Who this server says it is, and with whom it talks. */
final class Handshake {

    /** How long the first frame may take after the connection is open. */
    static final long TIMEOUT_MILLIS = 3_000;

    private final NetConfig config;
    private final Predicate<ServerId> isMember;
    private final LongSupplier generation;
    private final LongSupplier version;
    private final IntSupplier level;

    /**
     * Says it for one server; all is asked at each greeting.
     *
     * @param isMember whom it lets in
     * @param generation of the ensemble that its history belongs to now
     * @param level what all members have agreed to speak
     * @param version of the configuration that says who is a member; -1 for a server that turns nobody away
     */
    Handshake(
            NetConfig config,
            Predicate<ServerId> isMember,
            LongSupplier generation,
            IntSupplier level,
            LongSupplier version) {
        this.config = config;
        this.isMember = isMember;
        this.generation = generation;
        this.level = level;
        this.version = version;
    }

    ByteBuffer greeting(LinkKind kind) {
        ByteBuffer out = ByteBuffer.allocate(Greeting.BYTES_MAX + Frame.HEADER_BYTES);
        new Greeting(
                        Versions.oldest(config.protocolMax()),
                        config.protocolMax(),
                        kind,
                        config.self(),
                        config.incarnation(),
                        config.diskId(),
                        config.clusterId(),
                        generation.getAsLong())
                .encode(out);
        return out.flip();
    }

    /** Returns the answer to a greeting that met an objection; a server that is no member is told of which ensemble. */
    ByteBuffer refusal(String objection, Greeting peer) {
        ByteBuffer out = ByteBuffer.allocate(Greeting.BYTES_MAX + Frame.HEADER_BYTES);
        boolean outside = peer.clusterId().equals(config.clusterId())
                && peer.generation() == generation.getAsLong()
                && !isMember.test(peer.from());
        Greeting.encodeRefusal(out, objection, outside ? version.getAsLong() : -1);
        return out.flip();
    }

    /** Returns why this server does not talk with whoever sent the greeting; null when it does. */
    @Nullable
    String objection(Greeting peer) {
        if (!peer.clusterId().equals(config.clusterId())) {
            return "server " + peer.from() + " is of ensemble '" + Printable.of(peer.clusterId())
                    + "', this one is of '" + config.clusterId() + "'; check the addresses";
        }
        if (peer.from().equals(config.self())) {
            return "server id " + peer.from() + " is also this server's own; give each server an id of its own";
        }
        long own = generation.getAsLong();
        if (own != Greeting.NO_GENERATION && peer.generation() != Greeting.NO_GENERATION && own != peer.generation()) {
            ServerId older = own < peer.generation() ? config.self() : peer.from();
            return "server " + peer.from() + " is of generation " + peer.generation() + ", server " + config.self()
                    + " of " + own + ": empty the data directory of server " + older + " and add it again";
        }
        if (!isMember.test(peer.from())) {
            return "server " + peer.from() + " is no member of the configuration that server " + config.self() + " has";
        }
        int oldest = Versions.oldest(config.protocolMax());
        if (peer.versionMin() > config.protocolMax() || peer.versionMax() < oldest) {
            return "server " + peer.from() + " speaks versions " + peer.versionMin() + " to " + peer.versionMax()
                    + " of the peer protocol, this one " + oldest + " to " + config.protocolMax()
                    + "; upgrade one release at a time";
        }
        int agreed = level.getAsInt();
        if (peer.versionMax() < agreed) {
            return "server " + peer.from() + " speaks version " + peer.versionMax()
                    + " of the peer protocol at most, and all members have agreed on " + agreed
                    + ": it is too old for this ensemble";
        }
        return null;
    }

    /** Returns the version of the messages that this server and the peer speak with each other. */
    int version(Greeting peer) {
        return Math.min(config.protocolMax(), peer.versionMax());
    }
}
