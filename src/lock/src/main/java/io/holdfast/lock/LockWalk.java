package io.holdfast.lock;

import io.holdfast.lock.acl.NameSet;
import java.util.Iterator;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The locks of a sorted map whose names are in a set, in order. It looks at one other lock for each part of the set at
 * most, and seeks over the rest: what the set leaves out costs nothing, however much it is.
 */
final class LockWalk implements Iterator<Lock> {

    private final NavigableMap<String, Lock> locks;
    private final NameSet names;
    private Iterator<Lock> run;

    /** The part of the set that the last lock was in. */
    private int part;

    private @Nullable Lock found;

    /**
     * Creates one.
     *
     * @param from where it begins
     * @param inclusive whether a lock of that name is part of it
     */
    LockWalk(NavigableMap<String, Lock> locks, NameSet names, String from, boolean inclusive) {
        this.locks = locks;
        this.names = names;
        this.part = names.firstFrom(from);
        boolean isBehind = part < names.size() && names.part(part).compareTo(from) > 0;
        this.run = isBehind ? from(names.part(part), true) : from(from, inclusive);
    }

    private Iterator<Lock> from(String name, boolean inclusive) {
        return locks.tailMap(name, inclusive).values().iterator();
    }

    @Override
    public boolean hasNext() {
        while (found == null && part < names.size() && run.hasNext()) {
            Lock next = run.next();
            if (!names.covers(part, next.name)) {
                part = names.firstFrom(next.name);
            }
            if (part < names.size() && names.covers(part, next.name)) {
                found = next;
            } else if (part < names.size()) {
                run = from(names.part(part), true);
            }
        }
        return found != null;
    }

    @Override
    public Lock next() {
        Lock next = hasNext() ? found : null;
        if (next == null) {
            throw new NoSuchElementException();
        }
        found = null;
        return next;
    }
}
