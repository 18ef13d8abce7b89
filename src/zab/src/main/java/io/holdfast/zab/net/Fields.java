package io.holdfast.zab.net;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ConfigurationCodec;
import io.holdfast.zab.core.DiskId;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.MemberState;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Phase;
import io.holdfast.zab.core.Role;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Vote;
import io.holdfast.zab.core.Zxid;
import io.holdfast.zab.core.message.SyncNack;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How the values inside messages are written, big-endian. Each {@code get} checks bounds before it allocates, and
 * throws {@link IllegalArgumentException} or {@link java.nio.BufferUnderflowException} on what no {@code put} wrote.
 */
final class Fields {

    /** Above every size, count and duration in milliseconds, and far enough below what a long holds to be added. */
    static final long SIZE_MAX = 1L << 48;

    private Fields() {}

    static void putZxid(ByteBuffer out, Zxid zxid) {
        out.putLong(zxid.packed());
    }

    static Zxid getZxid(ByteBuffer in) {
        return Zxid.unpack(in.getLong());
    }

    /** Reads a number that is not negative. */
    static long getNumber(ByteBuffer in, long max) {
        long number = in.getLong();
        if (number < 0 || number > max) {
            throw new IllegalArgumentException("a number is 0 to " + max + ", not " + number);
        }
        return number;
    }

    static long getEpoch(ByteBuffer in) {
        return getNumber(in, Zxid.MAX_EPOCH);
    }

    /** Reads a size, a duration or a count of what happened since a server started. */
    static long getSize(ByteBuffer in) {
        return getNumber(in, SIZE_MAX);
    }

    static void putServer(ByteBuffer out, ServerId id) {
        out.putShort((short) id.value());
    }

    static ServerId getServer(ByteBuffer in) {
        return new ServerId(Short.toUnsignedInt(in.getShort()));
    }

    static void putBoolean(ByteBuffer out, boolean value) {
        out.put((byte) (value ? 1 : 0));
    }

    static boolean getBoolean(ByteBuffer in) {
        byte value = in.get();
        if (value != 0 && value != 1) {
            throw new IllegalArgumentException("a boolean is 0 or 1, not " + value);
        }
        return value == 1;
    }

    static void putDisk(ByteBuffer out, DiskId disk) {
        out.putLong(disk.high()).putLong(disk.low());
    }

    static DiskId getDisk(ByteBuffer in) {
        long high = in.getLong();
        return new DiskId(high, in.getLong());
    }

    static void putOptionalDisk(ByteBuffer out, @Nullable DiskId disk) {
        putBoolean(out, disk != null);
        if (disk != null) {
            putDisk(out, disk);
        }
    }

    static @Nullable DiskId getOptionalDisk(ByteBuffer in) {
        return getBoolean(in) ? getDisk(in) : null;
    }

    static void putReason(ByteBuffer out, String reason) {
        putPrintable(out, reason);
    }

    static String getReason(ByteBuffer in) {
        return getPrintable(in, SyncNack.REASON_MAX, "a reason");
    }

    /** Writes what a member says of itself; what it does not say as an empty text. */
    static void putInfo(ByteBuffer out, MemberInfo info) {
        putOptional(out, info.clientUrl());
        putOptional(out, info.release());
    }

    static MemberInfo getInfo(ByteBuffer in) {
        String clientUrl = getOptional(in, MemberInfo.CLIENT_URL_MAX, "a URL");
        return new MemberInfo(clientUrl, getOptional(in, MemberInfo.RELEASE_MAX, "a release"));
    }

    private static void putOptional(ByteBuffer out, @Nullable String text) {
        putPrintable(out, text == null ? "" : text);
    }

    private static @Nullable String getOptional(ByteBuffer in, int lengthMax, String what) {
        String text = getPrintable(in, lengthMax, what);
        return text.isEmpty() ? null : text;
    }

    /** Writes a short text of printable ASCII. */
    private static void putPrintable(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        out.putShort((short) bytes.length).put(bytes);
    }

    private static String getPrintable(ByteBuffer in, int lengthMax, String what) {
        int length = Short.toUnsignedInt(in.getShort());
        if (length > lengthMax) {
            throw new IllegalArgumentException(what + " of " + length + " bytes");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        for (byte each : bytes) {
            if (each < ' ' || each > '~') {
                throw new IllegalArgumentException(what + " has the byte " + each);
            }
        }
        return new String(bytes, StandardCharsets.US_ASCII);
    }

    static void putPayload(ByteBuffer out, Payload payload) {
        out.putInt(payload.length());
        payload.writeTo(out);
    }

    static Payload getPayload(ByteBuffer in) {
        return Payload.of(getBytes(in, in.getInt(), Payload.MAX_BYTES));
    }

    static void putText(ByteBuffer out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.putShort((short) bytes.length).put(bytes);
    }

    static String getText(ByteBuffer in, int bytesMax) {
        return new String(getBytes(in, Short.toUnsignedInt(in.getShort()), bytesMax), StandardCharsets.UTF_8);
    }

    private static byte[] getBytes(ByteBuffer in, int length, int lengthMax) {
        if (length < 0 || length > lengthMax || length > in.remaining()) {
            throw new IllegalArgumentException("a field of " + length + " bytes, at most " + lengthMax + ", where "
                    + in.remaining() + " are left");
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    static void putTxn(ByteBuffer out, Txn txn) {
        putZxid(out, txn.zxid());
        putZxid(out, txn.previous());
        out.put((byte) txn.type().code());
        putServer(out, txn.origin().server());
        out.putLong(txn.origin().requestId());
        out.putLong(txn.chainHash());
        putPayload(out, txn.payload());
    }

    static Txn getTxn(ByteBuffer in) {
        Zxid zxid = getZxid(in);
        Zxid previous = getZxid(in);
        TxnType type = TxnType.of(in.get());
        ServerId server = getServer(in);
        Origin origin = new Origin(server, in.getLong());
        long chainHash = in.getLong();
        Payload payload = getPayload(in);
        if (type == TxnType.CONFIGURATION) {
            // The reader of the log has to read it.
            ConfigurationCodec.of(payload);
        }
        return new Txn(zxid, previous, type, origin, payload, chainHash);
    }

    static void putVote(ByteBuffer out, @Nullable Vote vote) {
        putBoolean(out, vote != null);
        if (vote != null) {
            out.putLong(vote.peerEpoch());
            putZxid(out, vote.lastZxid());
            putServer(out, vote.candidate());
        }
    }

    static @Nullable Vote getVote(ByteBuffer in) {
        if (!getBoolean(in)) {
            return null;
        }
        long peerEpoch = getEpoch(in);
        Zxid lastZxid = getZxid(in);
        return new Vote(peerEpoch, lastZxid, getServer(in));
    }

    static void putMembers(ByteBuffer out, List<MemberState> members, int version) {
        out.put((byte) members.size());
        for (MemberState member : members) {
            putServer(out, member.id());
            out.put((byte) member.role().code()).put((byte) member.phase().code());
            putZxid(out, member.durable());
            putZxid(out, member.committed());
            putZxid(out, member.applied());
            if (version >= Versions.DISKS) {
                putOptionalDisk(out, member.disk());
            }
            if (version >= Versions.MEMBER_INFO) {
                putInfo(out, member.info());
            }
        }
    }

    static List<MemberState> getMembers(ByteBuffer in, int version) {
        int count = getCount(in);
        List<MemberState> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ServerId id = getServer(in);
            Role role = Role.of(in.get());
            Phase phase = Phase.of(in.get());
            Zxid durable = getZxid(in);
            Zxid committed = getZxid(in);
            Zxid applied = getZxid(in);
            DiskId disk = version < Versions.DISKS ? null : getOptionalDisk(in);
            MemberInfo info = version < Versions.MEMBER_INFO ? MemberInfo.NONE : getInfo(in);
            members.add(new MemberState(id, role, phase, durable, committed, applied, disk, info));
        }
        return members;
    }

    static void putServers(ByteBuffer out, Set<ServerId> servers) {
        out.put((byte) servers.size());
        for (ServerId server : servers) {
            putServer(out, server);
        }
    }

    static Set<ServerId> getServers(ByteBuffer in) {
        int count = getCount(in);
        Set<ServerId> servers = new TreeSet<>();
        for (int i = 0; i < count; i++) {
            if (!servers.add(getServer(in))) {
                throw new IllegalArgumentException("a set of servers names one twice");
            }
        }
        return Collections.unmodifiableSet(servers);
    }

    private static int getCount(ByteBuffer in) {
        int count = Byte.toUnsignedInt(in.get());
        if (count > Configuration.MAX_MEMBERS) {
            throw new IllegalArgumentException(count + " members, at most " + Configuration.MAX_MEMBERS);
        }
        return count;
    }
}
