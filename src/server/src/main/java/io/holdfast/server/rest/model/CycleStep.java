package io.holdfast.server.rest.model;

import io.holdfast.lock.Revision;
import io.holdfast.lock.WaitsFor;

/**
 * One session in a cycle of sessions that wait for each other; it waits for the next one, the last for the first.
 *
 * @param session its id
 * @param sessionName as given when the session was opened
 * @param grant id of its ticket in line
 * @param lock where that ticket stands behind a grant of the next session
 */
public record CycleStep(String session, String sessionName, String grant, String lock) {

    public static CycleStep of(WaitsFor step) {
        return new CycleStep(Revision.text(step.session()), step.sessionName(), step.grant(), step.lock());
    }
}
