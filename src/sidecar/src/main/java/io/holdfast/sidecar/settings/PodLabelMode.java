package io.holdfast.sidecar.settings;

/** Which pods the sidecar labels. */
public enum PodLabelMode {
    /** None. */
    OFF,
    /** Its own. */
    SELF,
    /** Its own, and that of the leader before it. */
    TAKEOVER
}
