package io.holdfast.lock;

/**
 * One session in a cycle of sessions that wait for each other.
 *
 * @param grant id of its ticket in line
 * @param lock where that ticket stands behind a grant of the next session
 */
public record WaitsFor(long session, String sessionName, String grant, String lock) {}
