package io.holdfast.server.stream;

import io.holdfast.server.access.Permit;
import io.holdfast.server.access.Visible;
import org.jspecify.annotations.Nullable;

/** A permit that a test changes; at first for everything and for ever. */
final class TestPermit implements Permit {

    private @Nullable Visible visible = Visible.ALL;
    private boolean outdated;
    long leftMillis = Long.MAX_VALUE;

    /** Sets what the caller may see from now on; null when the credential is not valid any more. */
    TestPermit set(@Nullable Visible next) {
        visible = next;
        outdated = true;
        return this;
    }

    @Override
    public boolean isOutdated() {
        return outdated;
    }

    @Override
    public @Nullable Visible renewed() {
        outdated = false;
        return visible;
    }

    @Override
    public long leftMillis() {
        return leftMillis;
    }
}
