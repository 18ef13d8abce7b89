package io.holdfast.simulator.check;

import java.util.List;

/**
 * A moment at which a client found, without asking anybody, that it holds a lock.
 *
 * @param client who
 * @param lock which
 * @param token with which token
 * @param others who else would find the same at this moment
 */
public record LockUse(int client, String lock, long token, List<Integer> others) {}
