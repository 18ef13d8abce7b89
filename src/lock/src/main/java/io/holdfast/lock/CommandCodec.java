package io.holdfast.lock;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Commands as bytes: {@code version, kind, atMillis, fields}, big-endian, text in UTF-8 after its length.
 *
 * <p>A field is never changed or removed: a later version adds kinds, or fields at the end of a kind. Which version is
 * written follows from the level of the configuration in force, so that no member meets one that it does not know.
 * Without state, and for any thread.
 *
 * <ul>
 *   <li>Versions 1 and 2 knew less, and were never released.
 *   <li>3: of levels 1 and 2.
 *   <li>4: of level 3.
 * </ul>
 */
public final class CommandCodec {

    static final int FIRST_VERSION = 3;
    static final int NEWEST_VERSION = 4;

    private CommandCodec() {}

    /**
     * Encodes a command. The array is fresh and has the exact length.
     *
     * @param level of the configuration in force
     * @throws IllegalArgumentException when the level does not know all of the command: {@link Rules#refusal} says so
     *     before
     */
    public static byte[] encode(Command command, int level) {
        Rules rules = Rules.at(level);
        Limits.require(rules.refusal(command));
        return command.dispatch(new CommandEncoder(rules));
    }

    /** Decodes the whole array. See {@link #decode(ByteBuffer)}. */
    public static Command decode(byte[] bytes) {
        return decode(ByteBuffer.wrap(bytes));
    }

    /**
     * Decodes everything from the buffer's position to its limit.
     *
     * @throws CommandVersionException for a version that only a newer release knows
     * @throws CommandFormatException for an unknown kind, a length that cannot be, bytes that are missing or left over,
     *     every value that the command's constructor refuses, and what the version cannot say
     */
    public static Command decode(ByteBuffer in) {
        CommandDecoder decoder = new CommandDecoder(in);
        try {
            Command command = decoder.command();
            if (in.hasRemaining()) {
                throw new CommandFormatException(in.remaining() + " bytes left over after the command");
            }
            Limits.require(Rules.ofCommandVersion(decoder.version()).refusal(command));
            return command;
        } catch (CommandFormatException e) {
            throw e;
        } catch (IllegalArgumentException e) {
            CommandFormatException refused =
                    new CommandFormatException("the command has a bad value: " + e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }

    /**
     * Says why a command that this server made cannot be proposed at a level; only its version is looked at.
     *
     * @return null when it can
     */
    public static @Nullable String problemOfOwn(ByteBuffer in, int level) {
        return in.hasRemaining() ? problemOfVersion(Byte.toUnsignedInt(in.get(in.position())), level) : "it is empty";
    }

    /**
     * Says why what another server sent cannot be proposed as a command at a level: it is decoded, and of a kind that
     * only a leader makes.
     *
     * @return null when it can
     */
    public static @Nullable String problemOfPeers(ByteBuffer in, int level) {
        String problem = problemOfOwn(in, level);
        if (problem != null) {
            return problem;
        }
        try {
            Command command = decode(in);
            return command.isLeaders()
                    ? "only a leader makes a " + command.getClass().getSimpleName()
                    : Rules.at(level).refusal(command);
        } catch (CommandFormatException e) {
            return e.getMessage();
        }
    }

    private static @Nullable String problemOfVersion(int version, int level) {
        int newest = Rules.at(level).commandVersion();
        return version < FIRST_VERSION || version > newest
                ? "it is of version " + version + ", and level " + level + " knows " + FIRST_VERSION + " to " + newest
                : null;
    }
}
