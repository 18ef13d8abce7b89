package io.holdfast.zab.core;

/**
 * Where a transaction came in: the server whose client waits for it, and that server's number for the request.
 *
 * <p>The answer rides on the commit: the server that delivers a transaction of its own completes the request by its
 * number.
 *
 * @param server where the request came in
 * @param requestId unique among all requests of that server, also over its restarts
 */
public record Origin(ServerId server, long requestId) {}
