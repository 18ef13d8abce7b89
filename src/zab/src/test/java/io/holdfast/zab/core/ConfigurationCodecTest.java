package io.holdfast.zab.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A configuration comes back from its bytes as it was, and bytes that are none are refused. */
final class ConfigurationCodecTest {

    private static final Member ONE = new Member(new ServerId(1), MemberRole.VOTER, "one.example", 7101);
    private static final Member TWO = new Member(new ServerId(2), MemberRole.OBSERVER, "zwei.example", 7102);

    @Test
    void whatIsWrittenIsReadBack() {
        Configuration plain = new Configuration(7, List.of(ONE, TWO));
        Configuration bound = new Configuration(8, 3, 2, List.of(ONE.withDisk(new DiskId(-1, 5)), TWO));
        assertEquals(plain, ConfigurationCodec.of(ConfigurationCodec.payload(plain)));
        assertEquals(bound, ConfigurationCodec.of(ConfigurationCodec.payload(bound)));
        assertNull(bound.disk(TWO.id()));
        assertEquals(new DiskId(-1, 5), bound.disk(ONE.id()));
    }

    @Test
    void theNextConfigurationKeepsGenerationAndLevel() {
        Configuration bound = new Configuration(8, 3, 2, List.of(ONE.withDisk(new DiskId(1, 5)), TWO));
        assertEquals(new Configuration(9, 3, 2, List.of(ONE)), bound.next(List.of(ONE)));
    }

    @Test
    void noDiskIsNamedBeforeAllMembersReadIt() {
        List<Member> members = List.of(ONE.withDisk(new DiskId(1, 5)));
        assertThrows(IllegalArgumentException.class, () -> new Configuration(8, members));
    }

    @Test
    void bytesThatNobodyWroteAreRefused() {
        ByteBuffer bytes = ByteBuffer.allocate(ConfigurationCodec.MAX_BYTES);
        ConfigurationCodec.put(bytes, new Configuration(8, 1, 2, List.of(ONE)));
        bytes.flip();
        ByteBuffer wrong = bytes.duplicate().put(bytes.limit() - 1, (byte) 2);
        assertThrows(IllegalArgumentException.class, () -> ConfigurationCodec.get(wrong));
        ByteBuffer noGeneration = ByteBuffer.allocate(64)
                .putLong(1)
                .putLong(0)
                .putInt(1)
                .putShort((short) 0)
                .flip();
        assertThrows(IllegalArgumentException.class, () -> ConfigurationCodec.get(noGeneration));
    }
}
