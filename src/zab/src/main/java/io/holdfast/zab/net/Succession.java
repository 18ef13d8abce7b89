package io.holdfast.zab.net;

import io.holdfast.zab.core.DiskId;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a newer connection takes the place of an older one of the same id. As a rule it does: the older may
 * be dead without having ended. Not when the older is that of the member, by the disk that the configuration binds it
 * to, and alive, and the newer is of another disk: a second server with a member's id must not throw the member out.
 *
 * <p>Stateless.
 */
final class Succession {

    /** A member's connection that says nothing for so long may be dead; a living one has something several times. */
    static final long SILENCE_NANOS = TimeUnit.SECONDS.toNanos(1);

    private Succession() {}

    /**
     * Returns whether the older connection gives way.
     *
     * @param bound disk that the configuration binds the member to; null when it binds it to none
     * @param newer disk that the newer connection greeted with
     * @param older disk that the older connection greeted with
     * @param olderSilentNanos how long nothing came on the older one
     */
    static boolean givesWay(@Nullable DiskId bound, DiskId newer, @Nullable DiskId older, long olderSilentNanos) {
        boolean member = bound != null && bound.equals(older);
        return !member || newer.equals(bound) || olderSilentNanos > SILENCE_NANOS;
    }
}
