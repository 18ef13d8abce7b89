package io.holdfast.server.limit;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.Allowance;
import io.holdfast.lock.acl.Subject;
import io.holdfast.server.caller.Caller;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What one principal uses of this node, and may use. For any thread. */
final class PrincipalUse implements Held {

    private record Terms(Acl acl, List<String> groups, Allowance allowance) {}

    private final TokenBucket bucket;
    private final AtomicInteger streams = new AtomicInteger();
    private volatile @Nullable Terms terms;

    PrincipalUse(long now) {
        this.bucket = new TokenBucket(now);
    }

    /** Returns what it may have; looked up again when the rules, or its groups, are others. */
    Allowance allowance(Acl acl, Caller caller) {
        Terms known = terms;
        if (known == null || !known.acl.equals(acl) || !known.groups.equals(caller.groups())) {
            Subject subject = new Subject(caller.principal(), caller.groups(), new TreeMap<>());
            known = new Terms(acl, caller.groups(), Allowance.of(acl.document(), subject));
            terms = known;
        }
        return known.allowance;
    }

    TokenBucket bucket() {
        return bucket;
    }

    /** Counts a stream more unless there are as many as may be. */
    boolean enter(int max) {
        if (streams.incrementAndGet() > max) {
            streams.decrementAndGet();
            return false;
        }
        return true;
    }

    @Override
    public void release() {
        streams.decrementAndGet();
    }

    int streams() {
        return streams.get();
    }

    /** Returns whether forgetting it changes nothing. */
    boolean isIdle(long now) {
        return streams.get() == 0 && bucket.isFull(now);
    }
}
