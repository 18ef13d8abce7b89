package io.holdfast.zab.net;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.message.ElectionMessage;
import io.holdfast.zab.core.message.Hello;
import io.holdfast.zab.core.message.Notification;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * The first frame on a connection, in each direction: who speaks, which versions of the wire it knows, and what for.
 * Later releases may append fields: bytes after those known here are ignored.
 *
 * @param versionMin oldest version of the messages that the sender speaks
 * @param versionMax newest version of the messages that the sender speaks
 * @param kind what the connection is for
 * @param from the sender
 * @param incarnation a number that the sender's process drew at its start
 * @param diskId identity of the sender's data directory
 * @param clusterId the sender's ensemble
 * @param generation of the ensemble that the sender's history belongs to; {@link #NO_GENERATION} when it has none yet
 */
record Greeting(
        int versionMin,
        int versionMax,
        LinkKind kind,
        ServerId from,
        long incarnation,
        DiskId diskId,
        String clusterId,
        long generation) {

    /** Of a server that has no history, and so may join any generation. */
    static final long NO_GENERATION = 0;

    /** The longest greeting, with room for what later releases append. */
    static final int BYTES_MAX = 1_024;

    private static final int MAGIC = 0x48_46_5A_31;
    private static final int REFUSAL = 0x48_46_5A_30;
    private static final int TEXT_BYTES_MAX = 512;

    void encode(ByteBuffer out) {
        int start = Frame.begin(out);
        out.putInt(MAGIC).putShort((short) versionMin).putShort((short) versionMax);
        out.put((byte) kind.code());
        Fields.putServer(out, from);
        out.putLong(incarnation);
        Fields.putDisk(out, diskId);
        Fields.putText(out, clusterId);
        out.putLong(generation);
        Frame.end(out, start);
    }

    /**
     * Checks that an election message is of the sender of this greeting: what it says of its disk is what it greeted
     * with.
     */
    void mustBeOf(ElectionMessage message) throws FrameException {
        DiskId named = message instanceof Notification notification
                ? notification.disk()
                : message instanceof Hello hello ? hello.disk() : null;
        if (named != null && !named.equals(diskId)) {
            throw new FrameException("a peer names another disk than it greeted with");
        }
    }

    /**
     * Writes the frame that says in words why a connection is not wanted.
     *
     * @param outsideOf version of the configuration in which the other is no member; -1 when it is not about that
     */
    static void encodeRefusal(ByteBuffer out, String reason, long outsideOf) {
        int start = Frame.begin(out);
        out.putInt(REFUSAL);
        Fields.putText(out, reason.substring(0, Math.min(reason.length(), TEXT_BYTES_MAX / 4)));
        out.putLong(outsideOf);
        Frame.end(out, start);
    }

    /**
     * Reads a greeting.
     *
     * @throws FrameException when it is none; with the peer's own words when it is a refusal
     */
    static Greeting decode(ByteBuffer in) throws FrameException {
        try {
            int magic = in.getInt();
            if (magic == REFUSAL) {
                String reason = Printable.of(Fields.getText(in, TEXT_BYTES_MAX));
                throw new RefusedException(reason, in.remaining() < Long.BYTES ? -1 : in.getLong());
            }
            if (magic != MAGIC) {
                throw new FrameException("the other end is not a peer of a Holdfast ensemble");
            }
            int versionMin = Short.toUnsignedInt(in.getShort());
            int versionMax = Short.toUnsignedInt(in.getShort());
            LinkKind kind = LinkKind.of(in.get());
            ServerId from = Fields.getServer(in);
            long incarnation = in.getLong();
            DiskId diskId = Fields.getDisk(in);
            String clusterId = Fields.getText(in, TEXT_BYTES_MAX);
            // Without it the peer runs a release that cannot restore.
            long generation = in.hasRemaining() ? in.getLong() : Configuration.FIRST_GENERATION;
            return new Greeting(versionMin, versionMax, kind, from, incarnation, diskId, clusterId, generation);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new FrameException("malformed greeting: " + e);
        }
    }
}
