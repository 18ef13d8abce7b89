package io.holdfast.sidecar.core;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves. */
public final class FakeClock implements Clock {

    private final AtomicLong millis = new AtomicLong(1_000_000);

    @Override
    public Moment now() {
        return new Moment(millis.get() * 1_000_000, millis.get());
    }

    public void advance(long by) {
        millis.addAndGet(by);
    }
}
