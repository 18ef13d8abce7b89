package io.holdfast.api;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * The text of an access key, {@code hfk_ID_SECRET}: 32 random bytes and a check sum over all of it, so that a key that
 * was cut or mistyped is told from one that was deleted, and scanners for leaked keys find no others. Only its holder
 * has it: the ensemble keeps {@link #hash()}. Immutable.
 */
public final class KeyText {

    /** With which every key begins. */
    public static final String PREFIX = "hfk_";

    private static final int SECRET_BYTES = 32;
    private static final int SUM_BYTES = Integer.BYTES;
    private static final int ID_BYTES = 6;
    private static final Pattern FORM = Pattern.compile("hfk_([A-Za-z0-9.-]{1,64})_([A-Za-z0-9_-]{48})");

    private final String id;
    private final String text;

    private KeyText(String id, String text) {
        this.id = id;
        this.text = text;
    }

    /** Makes a key with an id of its own. */
    public static KeyText generate(SecureRandom random) {
        byte[] id = new byte[ID_BYTES];
        random.nextBytes(id);
        return generate(HexFormat.of().formatHex(id), random);
    }

    /**
     * Makes a key.
     *
     * @param id 1 to 64 characters of {@code [A-Za-z0-9.-]}
     */
    public static KeyText generate(String id, SecureRandom random) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        byte[] summed = ByteBuffer.allocate(SECRET_BYTES + SUM_BYTES)
                .put(secret)
                .putInt(sum(id, secret))
                .array();
        String text =
                PREFIX + id + "_" + Base64.getUrlEncoder().withoutPadding().encodeToString(summed);
        if (!FORM.matcher(text).matches()) {
            throw new IllegalArgumentException("the id of a key is 1 to 64 of A-Z a-z 0-9 . -");
        }
        return new KeyText(id, text);
    }

    /** Returns the key that a text is; nothing when it is none, or was cut or mistyped. */
    public static Optional<KeyText> parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return Optional.empty();
        }
        ByteBuffer summed = ByteBuffer.wrap(Base64.getUrlDecoder().decode(form.group(2)));
        byte[] secret = new byte[SECRET_BYTES];
        summed.get(secret);
        return summed.getInt() == sum(form.group(1), secret)
                ? Optional.of(new KeyText(form.group(1), text))
                : Optional.empty();
    }

    private static int sum(String id, byte[] secret) {
        CRC32 sum = new CRC32();
        sum.update((PREFIX + id + "_").getBytes(StandardCharsets.US_ASCII));
        sum.update(secret);
        return (int) sum.getValue();
    }

    /** Returns the public part. */
    public String id() {
        return id;
    }

    /** Returns the whole key, to be shown to its holder once. */
    public String text() {
        return text;
    }

    /** Returns the SHA-256 of the whole text, 64 lower-case hexadecimal digits: all that the ensemble keeps. */
    public String hash() {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return PREFIX + id + "_…";
    }
}
