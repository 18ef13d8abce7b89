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
    PAUSED("stopped between check and write", Access.Kind.PROXIES);

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
        }
    }

    /** Ends. */
    void end(Contender holder) throws IOException, TimeoutException {
        switch (this) {
            case CUT_OFF, LINK_DOWN -> holder.access().restore();
            case STOPPED, PAUSED -> holder.signal("CONT", Part.values());
        }
        holder.signals().resume();
    }
}
