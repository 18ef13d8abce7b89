package io.holdfast.server.offline;

import io.holdfast.lock.Limits;
import io.holdfast.zab.core.Zxid;
import java.time.Instant;

/**
 * The numbers that a new generation of an ensemble goes on with: above all that was ever given, also by those of whom
 * the copy that it begins with knows nothing.
 *
 * <p>They follow the clock. An ensemble gives less than 2^20 tokens and less than one epoch in a second, so at any time
 * its numbers lie below what the clock makes of that time; what a restore takes from the clock is therefore above every
 * number that any ensemble had given until then. See docs/decisions/0017.
 *
 * @param generation of the ensemble, milliseconds since 1970: two restores of one backup have two
 * @param at the first revision; its epoch is that of the server's promise, too
 * @param tokensAbove the highest token that may have been given
 */
record NewGeneration(long generation, Zxid at, long tokensAbove) {

    /** Before the first ensemble began. */
    private static final long BEGINNING = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    private static final int TOKENS_PER_MILLI_BITS = 10;

    /** Added where the clock says less than the copy shows: one of the two clocks is wrong. */
    private static final long TOKENS_AHEAD = 1L << 40;

    private static final long EPOCHS_AHEAD = 1L << 20;

    /**
     * What a copy of an ensemble shows of its numbers.
     *
     * @param generation of the ensemble
     * @param epoch highest known, promised ones included
     * @param lastToken highest given
     */
    record Past(long generation, long epoch, long lastToken) {}

    /**
     * Returns what follows.
     *
     * @param nowMillis the wall clock
     * @throws CommandException when numbers have run out
     */
    static NewGeneration after(Past past, long nowMillis) throws CommandException {
        long since = Math.max(0, nowMillis - BEGINNING);
        long tokens = since << TOKENS_PER_MILLI_BITS;
        if (tokens <= past.lastToken()) {
            tokens = past.lastToken() + TOKENS_AHEAD;
        }
        long epoch = since / 1000;
        if (epoch <= past.epoch()) {
            epoch = past.epoch() + EPOCHS_AHEAD;
        }
        if (tokens >= Limits.TOKEN_MAX || epoch >= Zxid.MAX_EPOCH) {
            throw CommandException.failed("No numbers are left for a new generation: it would begin with token "
                    + tokens + " and epoch " + epoch + ". Check the clock of this machine.");
        }
        return new NewGeneration(Math.max(nowMillis, past.generation() + 1), new Zxid(epoch, 1), tokens);
    }
}
