package io.holdfast.lock.acl;

import java.nio.ByteBuffer;

/**
 * Rules, keys and changes of them as bytes, big-endian, text in UTF-8 after its length. What is equal has equal bytes.
 * Part of commands and snapshots from level 3 on. Without state, and for any thread.
 */
public final class AclCodec {

    static final int REPLACE = 1;
    static final int SET_MODE = 2;
    static final int PUT_POLICY = 3;
    static final int PUT_BINDING = 4;
    static final int PUT_LIMIT = 5;
    static final int DELETE = 6;
    static final int CREATE_KEY = 7;
    static final int DELETE_KEY = 8;

    /** In the place of a text's length. */
    static final int NO_TEXT = 0xFFFF;

    private AclCodec() {}

    /** Encodes a document. */
    public static byte[] encode(AclDocument document) {
        return new AclWriter().document(document).bytes();
    }

    /** Encodes a change. */
    public static byte[] encode(AclChange change) {
        return new AclWriter().change(change).bytes();
    }

    /** Encodes all that is in force. */
    public static byte[] encode(Acl acl) {
        return new AclWriter().acl(acl).bytes();
    }

    /**
     * Decodes a change from the buffer's position on.
     *
     * @throws IllegalArgumentException when the bytes are none
     */
    public static AclChange decodeChange(ByteBuffer in) {
        AclReader reader = new AclReader(in);
        return reader.whole(reader::change);
    }

    /**
     * Decodes all that is in force, and nothing else.
     *
     * @throws IllegalArgumentException when the bytes are none
     */
    public static Acl decodeAcl(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        AclReader reader = new AclReader(in);
        Acl acl = reader.whole(reader::acl);
        if (in.hasRemaining()) {
            throw new IllegalArgumentException(in.remaining() + " bytes left over after the rules");
        }
        return acl;
    }
}
