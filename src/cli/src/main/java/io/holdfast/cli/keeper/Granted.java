package io.holdfast.cli.keeper;

import java.util.List;

/**
 * What the command runs under.
 *
 * @param locks names, in order
 * @param grant id of the grant
 * @param token fencing token
 * @param session id of the session
 */
record Granted(List<String> locks, String grant, long token, String session) {}
