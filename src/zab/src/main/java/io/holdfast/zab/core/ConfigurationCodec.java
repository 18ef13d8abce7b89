package io.holdfast.zab.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A configuration, and text, as bytes: in transactions, in messages and in the headers of segments and snapshots.
 *
 * <p>Thread-safe. What reads throws {@link IllegalArgumentException} or {@code BufferUnderflowException} on bytes that
 * no configuration has.
 */
public final class ConfigurationCodec {

    /** Above what any configuration takes: 64 members with names of 253 characters of up to 3 bytes. */
    public static final int MAX_BYTES = 64 << 10;

    private static final int VOTER = 1;
    private static final int OBSERVER = 2;

    private ConfigurationCodec() {}

    /** Returns the payload of a {@link TxnType#CONFIGURATION} transaction. */
    public static Payload payload(Configuration configuration) {
        ByteBuffer target = ByteBuffer.allocate(MAX_BYTES);
        put(target, configuration);
        byte[] bytes = new byte[target.flip().remaining()];
        target.get(bytes);
        return Payload.of(bytes);
    }

    /** Reads {@link #payload} back, all of it: bytes after a configuration are of a release that knows more. */
    public static Configuration of(Payload payload) {
        ByteBuffer source = payload.buffer();
        Configuration configuration = get(source);
        if (source.hasRemaining()) {
            throw new IllegalArgumentException(source.remaining() + " bytes follow the configuration");
        }
        return configuration;
    }

    public static void put(ByteBuffer target, Configuration configuration) {
        target.putLong(configuration.version());
        target.putLong(configuration.generation()).putInt(configuration.level());
        target.putShort((short) configuration.members().size());
        for (Member member : configuration.members()) {
            target.putInt(member.id().value());
            target.put((byte) (member.role() == MemberRole.VOTER ? VOTER : OBSERVER));
            putText(target, member.host());
            target.putInt(member.port());
            if (configuration.level() >= Configuration.DISKS_LEVEL) {
                putDisk(target, member.disk());
            }
        }
    }

    private static void putDisk(ByteBuffer target, @Nullable DiskId disk) {
        target.put((byte) (disk == null ? 0 : 1));
        if (disk != null) {
            target.putLong(disk.high()).putLong(disk.low());
        }
    }

    public static Configuration get(ByteBuffer source) {
        long version = source.getLong();
        long generation = source.getLong();
        int level = source.getInt();
        int count = Short.toUnsignedInt(source.getShort());
        if (count > Configuration.MAX_MEMBERS) {
            throw new IllegalArgumentException(count + " members, at most " + Configuration.MAX_MEMBERS);
        }
        List<Member> members = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            ServerId id = new ServerId(source.getInt());
            MemberRole role = role(source.get());
            String host = text(source);
            int port = source.getInt();
            members.add(new Member(id, role, host, port, level < Configuration.DISKS_LEVEL ? null : disk(source)));
        }
        return new Configuration(version, generation, level, members);
    }

    private static @Nullable DiskId disk(ByteBuffer source) {
        byte known = source.get();
        if (known != 0 && known != 1) {
            throw new IllegalArgumentException("a disk is known or not, 1 or 0, but not " + known);
        }
        return known == 0 ? null : new DiskId(source.getLong(), source.getLong());
    }

    private static MemberRole role(int code) {
        return switch (code) {
            case VOTER -> MemberRole.VOTER;
            case OBSERVER -> MemberRole.OBSERVER;
            default -> throw new IllegalArgumentException("no role of a member has code " + code);
        };
    }

    public static void putText(ByteBuffer target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        target.putShort((short) bytes.length);
        target.put(bytes);
    }

    public static String text(ByteBuffer source) {
        int length = Short.toUnsignedInt(source.getShort());
        if (length > source.remaining()) {
            throw new IllegalArgumentException("a text of " + length + " bytes ends too early");
        }
        byte[] bytes = new byte[length];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
