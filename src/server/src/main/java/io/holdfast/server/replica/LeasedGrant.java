package io.holdfast.server.replica;

/**
 * A grant with a private session, and how long that session lives at least.
 *
 * @param grant granted or in line
 * @param ttlMillis ttl of the private session
 * @param elapsedMillis from the arrival of the request to the renewal that a quorum confirmed last: the lease runs for
 *     this and the ttl together from the moment the client sent its request
 */
public record LeasedGrant(GrantView grant, long ttlMillis, long elapsedMillis) {}
