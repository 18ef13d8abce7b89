package io.holdfast.zab.log;

import io.holdfast.zab.core.LogRecord;
import io.holdfast.zab.core.Origin;
import io.holdfast.zab.core.Payload;
import io.holdfast.zab.core.Position;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.Txn;
import io.holdfast.zab.core.TxnType;
import io.holdfast.zab.core.Zxid;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Records as bytes, big-endian, each at a multiple of 8: {@code magic, type, length, crc(body), lsn, durableLsn, zxid,
 * crc(header), body, zeros}.
 *
 * <p>Header and body have checksums of their own, so that a damaged body still tells which zxid is damaged. Both are
 * mixed with a salt of the disk and segment: neither a stale record nor bytes that a client chose are ever taken for a
 * record.
 */
final class RecordCodec {

    static final int HEADER_BYTES = 44;
    static final int ALIGNMENT = 8;
    static final int MAGIC = 0x4846_5231;

    private static final int CHECKED_HEADER_BYTES = HEADER_BYTES - Integer.BYTES;
    private static final int TXN_BYTES = 27;
    private static final int TXN = 1;
    private static final int PROMISE = 2;
    private static final int EPOCH = 3;
    private static final int TRUNCATE = 4;
    private static final int SNAPSHOT = 5;
    private static final int CLEAN_STOP = 6;

    private final int salt;
    private final CRC32C crc = new CRC32C();

    RecordCodec(int salt) {
        this.salt = salt;
    }

    /** A record's header that is whole. */
    record Header(int type, int length, int bodyCrc, long lsn, long durableLsn, long zxid) {

        int bytes() {
            return aligned(HEADER_BYTES + length);
        }
    }

    /** Returns the length of a record in a segment; null stands for the mark of a clean stop. */
    static int bytes(@Nullable LogRecord record) {
        return aligned(HEADER_BYTES + bodyBytes(record));
    }

    /** Writes one record at the buffer's position. {@code chainHash} is that of a truncation's target, else ignored. */
    void encode(ByteBuffer target, @Nullable LogRecord record, long lsn, long durableLsn, long chainHash) {
        int start = target.position();
        int length = bodyBytes(record);
        int end = start + aligned(HEADER_BYTES + length);
        target.position(start + HEADER_BYTES);
        putBody(target, record, chainHash);
        while (target.position() < end) {
            target.put((byte) 0);
        }
        int bodyCrc = crc(target, start + HEADER_BYTES, end);
        target.putInt(start, MAGIC);
        target.putInt(start + 4, typeOf(record));
        target.putInt(start + 8, length);
        target.putInt(start + 12, bodyCrc);
        target.putLong(start + 16, lsn);
        target.putLong(start + 24, durableLsn);
        target.putLong(start + 32, zxidOf(record));
        target.putInt(start + CHECKED_HEADER_BYTES, crc(target, start, start + CHECKED_HEADER_BYTES));
    }

    /**
     * Returns the header at {@code at}, of which {@link #HEADER_BYTES} are in the buffer; null when it is not whole.
     */
    @Nullable
    Header header(ByteBuffer source, int at) {
        if (source.getInt(at) != MAGIC
                || source.getInt(at + CHECKED_HEADER_BYTES) != crc(source, at, at + CHECKED_HEADER_BYTES)) {
            return null;
        }
        return new Header(
                source.getInt(at + 4),
                source.getInt(at + 8),
                source.getInt(at + 12),
                source.getLong(at + 16),
                source.getLong(at + 24),
                source.getLong(at + 32));
    }

    /** Returns the record at {@code at}, all of which is in the buffer; null when its body is damaged. */
    @Nullable
    Entry decode(ByteBuffer source, int at, Header header) {
        int end = at + header.bytes();
        if (header.bodyCrc() != crc(source, at + HEADER_BYTES, end)) {
            return null;
        }
        ByteBuffer body = source.duplicate();
        body.limit(at + HEADER_BYTES + header.length()).position(at + HEADER_BYTES);
        LogRecord record = body(body, header);
        long chainHash = header.type() == TRUNCATE ? body.getLong() : 0;
        return new Entry(header.lsn(), header.durableLsn(), record, chainHash, header.bytes());
    }

    private static int bodyBytes(@Nullable LogRecord record) {
        if (record instanceof LogRecord.Append append) {
            return TXN_BYTES + append.txn().payload().length();
        } else if (record instanceof LogRecord.Promise) {
            return 12;
        } else if (record instanceof LogRecord.AdoptEpoch || record instanceof LogRecord.Truncate) {
            return 8;
        } else if (record instanceof LogRecord.Snapshot) {
            return 9;
        }
        return 0;
    }

    private static int typeOf(@Nullable LogRecord record) {
        if (record instanceof LogRecord.Append) {
            return TXN;
        } else if (record instanceof LogRecord.Promise) {
            return PROMISE;
        } else if (record instanceof LogRecord.AdoptEpoch) {
            return EPOCH;
        } else if (record instanceof LogRecord.Truncate) {
            return TRUNCATE;
        } else if (record instanceof LogRecord.Snapshot) {
            return SNAPSHOT;
        }
        return CLEAN_STOP;
    }

    private static long zxidOf(@Nullable LogRecord record) {
        if (record instanceof LogRecord.Append append) {
            return append.txn().zxid().packed();
        } else if (record instanceof LogRecord.Truncate truncate) {
            return truncate.to().packed();
        } else if (record instanceof LogRecord.Snapshot snapshot) {
            return snapshot.at().zxid().packed();
        }
        return 0;
    }

    private static void putBody(ByteBuffer target, @Nullable LogRecord record, long chainHash) {
        if (record instanceof LogRecord.Append append) {
            Txn txn = append.txn();
            target.putLong(txn.previous().packed()).putLong(txn.chainHash());
            target.put((byte) txn.type().code());
            target.putShort((short) txn.origin().server().value());
            target.putLong(txn.origin().requestId());
            txn.payload().writeTo(target);
        } else if (record instanceof LogRecord.Promise promise) {
            target.putLong(promise.epoch()).putInt(promise.leader().value());
        } else if (record instanceof LogRecord.AdoptEpoch adopt) {
            target.putLong(adopt.epoch());
        } else if (record instanceof LogRecord.Truncate) {
            target.putLong(chainHash);
        } else if (record instanceof LogRecord.Snapshot snapshot) {
            target.putLong(snapshot.at().chainHash()).put((byte) (snapshot.received() ? 1 : 0));
        }
    }

    private static @Nullable LogRecord body(ByteBuffer body, Header header) {
        Zxid zxid = Zxid.unpack(header.zxid());
        return switch (header.type()) {
            case TXN -> new LogRecord.Append(txn(body, zxid));
            case PROMISE -> new LogRecord.Promise(body.getLong(), new ServerId(body.getInt()));
            case EPOCH -> new LogRecord.AdoptEpoch(body.getLong());
            case TRUNCATE -> new LogRecord.Truncate(zxid);
            case SNAPSHOT -> new LogRecord.Snapshot(new Position(zxid, body.getLong()), body.get() != 0);
            case CLEAN_STOP -> null;
            default -> throw new IllegalArgumentException("records of type " + header.type() + " are not known");
        };
    }

    private static Txn txn(ByteBuffer body, Zxid zxid) {
        Zxid previous = Zxid.unpack(body.getLong());
        long chainHash = body.getLong();
        TxnType type = TxnType.of(body.get());
        Origin origin = new Origin(new ServerId(Short.toUnsignedInt(body.getShort())), body.getLong());
        byte[] payload = new byte[body.remaining()];
        body.get(payload);
        return new Txn(zxid, previous, type, origin, Payload.of(payload), chainHash);
    }

    private int crc(ByteBuffer source, int from, int to) {
        ByteBuffer range = source.duplicate();
        range.limit(to).position(from);
        crc.reset();
        crc.update(range);
        return (int) crc.getValue() ^ salt;
    }

    private static int aligned(int bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
