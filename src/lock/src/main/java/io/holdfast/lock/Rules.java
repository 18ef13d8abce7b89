package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/**
 * Lists every replicated rule, bound and format that is not the same at all levels, as it is at one of them.
 *
 * <p>The level is that of the configuration in force: all members have agreed on it, and it never falls. A table knows
 * it from the transactions, so every replica changes its rules at the same revision. Levels are compared here, with
 * {@link CommandLevels} for the parts of commands, and nowhere else; other code asks {@code state.rules()}. Immutable.
 */
public final class Rules {

    /** The level of an ensemble that agreed on nothing yet. */
    public static final int FIRST_LEVEL = 1;

    /** The highest level that this release knows. */
    public static final int NEWEST_LEVEL = 3;

    /** From here on rules have levels; to the table all levels below are one. */
    private static final int LEVEL_3 = 3;

    private final int level;

    /** Null for those of the level. */
    private final @Nullable Quotas others;

    private Rules(int level, @Nullable Quotas others) {
        if (level < FIRST_LEVEL || level > NEWEST_LEVEL) {
            throw new IllegalArgumentException("level " + level + " of the replicated rules, this release knows "
                    + FIRST_LEVEL + " to " + NEWEST_LEVEL + ": upgrade this server");
        }
        this.level = level;
        this.others = others;
    }

    /**
     * Returns the rules of a level.
     *
     * @throws IllegalArgumentException for a level that this release does not know
     */
    public static Rules at(int level) {
        return new Rules(level, null);
    }

    /** Returns the rules of the highest level that writes commands in a version. */
    static Rules ofCommandVersion(int version) {
        return at(version == CommandCodec.FIRST_VERSION ? LEVEL_3 - 1 : NEWEST_LEVEL);
    }

    /** Returns the same rules with other quotas, for tests and simulations. */
    Rules with(Quotas quotas) {
        return new Rules(level, quotas);
    }

    /** Returns the rules of a level that may be higher, with the same quotas if these are not those of the level. */
    Rules raised(int to) {
        return to <= level ? this : new Rules(to, others);
    }

    public int level() {
        return level;
    }

    /** Returns how much the table holds. */
    public Quotas quotas() {
        if (others != null) {
            return others;
        }
        return level < LEVEL_3 ? Quotas.FIRST : Quotas.THIRD;
    }

    /** Returns whether a release of an unknown grant keeps its id from being granted later (protocol.md#t15). */
    boolean rememberUnknownReleases() {
        return level >= LEVEL_3;
    }

    /** Returns whether a request to yield decides which ticket is next without the holder's consent. */
    public boolean wishesDecide() {
        return level < LEVEL_3;
    }

    /** Returns whether locks that were broken stay closed for the lock-delay, as those of an expired session do. */
    boolean breaksLeaveDelays() {
        return level >= LEVEL_3;
    }

    /** Returns whether a break takes tickets in line too. */
    boolean breaksTakeTickets() {
        return level >= LEVEL_3;
    }

    /** Returns whether tries that were refused have a memory of their own, which pushes out nothing that was held. */
    boolean triesAreApart() {
        return level >= LEVEL_3;
    }

    /** Returns how many ended grants are remembered for a session that lives beside the newest ones of all. */
    int keptPerSession() {
        return level < LEVEL_3 ? 0 : quotas().ended().perSession();
    }

    /** Returns for how long what ended is remembered whatever their count, as long as the bytes allow it. */
    long memoryMillis() {
        return level < LEVEL_3 ? 0 : quotas().ended().millis();
    }

    /** Returns whether the level is part of the state, its digest and its snapshot. */
    boolean areStated() {
        return level >= LEVEL_3;
    }

    /** Returns whether commands name the principals that ask for them, so that what these open is theirs. */
    public boolean namePrincipals() {
        return level >= LEVEL_3;
    }

    /** Returns how many places a search for a deadlock may look at; one that needs more finds none. */
    int deadlockSteps() {
        return level < LEVEL_3 ? Integer.MAX_VALUE : 10_000;
    }

    /**
     * Returns how many places of sessions that end one transaction takes, about: a grant is taken whole. The rest is
     * left to transactions that follow.
     */
    int placesOfEndings() {
        return quotas().placesOfEndings();
    }

    /** Returns the version that commands are encoded with. */
    int commandVersion() {
        return level < LEVEL_3 ? CommandCodec.FIRST_VERSION : CommandCodec.NEWEST_VERSION;
    }

    /** Returns the version that snapshots are written with. */
    int snapshotVersion() {
        return level < LEVEL_3 ? TableSnapshot.FIRST_VERSION : TableSnapshot.NEWEST_VERSION;
    }

    /**
     * Says why a command cannot be proposed or applied at this level.
     *
     * @return one sentence for the sender; null when the level knows all of it
     */
    public @Nullable String refusal(Command command) {
        CommandLevels.Added added = level == NEWEST_LEVEL ? null : CommandLevels.after(level, command);
        return added == null
                ? null
                : added.what() + " needs level " + added.level() + ", and the ensemble is at level " + level
                        + ": it rises when all members run a release that knows it";
    }
}
