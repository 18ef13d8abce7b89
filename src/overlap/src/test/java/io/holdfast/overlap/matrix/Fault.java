package io.holdfast.overlap.matrix;

import java.io.IOException;
import java.util.concurrent.TimeoutException;

/** A fault of the contender that holds the lock, after which the other one must get it. */
enum Fault {
    /** The nodes answer it no more, and nothing says so. */
    CUT_OFF("cut off by a proxy", Access.Kind.PROXIES),
    /** Its network interface is down. */
    LINK_DOWN("link taken down", Access.Kind.NAMESPACE),
    /** All its processes stand still for longer than the ttl. */
    STOPPED("holder stopped", Access.Kind.PROXIES),
    /** The same, at a moment between the check and the write. */
    PAUSED("stopped between check and write", Access.Kind.PROXIES),
    /** The guard of a command stands still, and its keeper is cut off. */
    GUARD_STOPPED("guard stopped, keeper cut off", Access.Kind.PROXIES),
    /** The keeper of a command stands still. */
    KEEPER_STOPPED("keeper stopped", Access.Kind.PROXIES),
    /** The guard of a command is killed. */
    GUARD_KILLED("guard killed", Access.Kind.PROXIES),
    /** The keeper of a command is killed. */
    KEEPER_KILLED("keeper killed", Access.Kind.PROXIES),
    /** The sidecar stands still, the application goes on. */
    SIDECAR_STOPPED("sidecar stopped", Access.Kind.PROXIES);

    private final String label;
    private final Access.Kind access;

    Fault(String label, Access.Kind access) {
        this.label = label;
        this.access = access;
    }

    /** Its name in the table. */
    String label() {
        return label;
    }

    /** What it needs between the contender and the nodes. */
    Access.Kind access() {
        return access;
    }

    /** Begins; a holder that is to pause has done so before. */
    void begin(Contender holder) throws IOException, TimeoutException {
        switch (this) {
            case CUT_OFF, LINK_DOWN -> holder.access().cut();
            case STOPPED, PAUSED -> holder.signal("STOP", Part.values());
            case GUARD_STOPPED -> {
                holder.signal("STOP", Part.GUARD);
                holder.access().cut();
            }
            case KEEPER_STOPPED -> holder.signal("STOP", Part.KEEPER);
            case GUARD_KILLED -> holder.signal("KILL", Part.GUARD);
            case KEEPER_KILLED -> holder.signal("KILL", Part.KEEPER);
            case SIDECAR_STOPPED -> holder.signal("STOP", Part.SIDECAR);
        }
    }

    /** Ends; what is not there any more is started again by its contest. */
    void end(Contender holder) throws IOException, TimeoutException {
        if (this != GUARD_KILLED && this != KEEPER_KILLED) {
            holder.thaw();
            holder.access().restore();
            holder.signals().resume();
        }
    }
}
