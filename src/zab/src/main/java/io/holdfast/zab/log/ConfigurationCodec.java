package io.holdfast.zab.log;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A configuration, and text, as bytes in the headers of segments and snapshots. */
final class ConfigurationCodec {

    /** Above what any configuration takes: 64 members with names of 253 characters of up to 3 bytes. */
    static final int MAX_BYTES = 64 << 10;

    private ConfigurationCodec() {}

    static void put(ByteBuffer target, Configuration configuration) {
        target.putLong(configuration.version());
        target.putShort((short) configuration.members().size());
        for (Member member : configuration.members()) {
            target.putInt(member.id().value());
            target.put((byte) (member.role() == MemberRole.VOTER ? 1 : 2));
            putText(target, member.host());
            target.putInt(member.port());
        }
    }

    static Configuration get(ByteBuffer source) {
        long version = source.getLong();
        int count = source.getShort();
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ServerId id = new ServerId(source.getInt());
            MemberRole role = source.get() == 1 ? MemberRole.VOTER : MemberRole.OBSERVER;
            members.add(new Member(id, role, text(source), source.getInt()));
        }
        return new Configuration(version, members);
    }

    static void putText(ByteBuffer target, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        target.putShort((short) bytes.length);
        target.put(bytes);
    }

    static String text(ByteBuffer source) {
        byte[] bytes = new byte[source.getShort()];
        source.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
