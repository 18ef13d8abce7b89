package io.holdfast.simulator.check;

import io.holdfast.lock.Claim;
import java.util.List;

/**
 * A moment at which a client found, without asking anybody, that it holds a lock.
 *
 * @param holder who, and how
 * @param others who else would find the same at this moment
 */
public record LockUse(Believer holder, List<Believer> others) {

    /** Copies the list. */
    public LockUse {
        others = List.copyOf(others);
    }

    /**
     * Somebody who believes to hold a lock.
     *
     * @param client whose number
     * @param claim to which lock, and how it is held
     * @param grant by which grant
     * @param token with which token
     */
    public record Believer(int client, Claim claim, String grant, long token) {}
}
