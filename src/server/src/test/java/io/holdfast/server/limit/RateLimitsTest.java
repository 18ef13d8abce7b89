package io.holdfast.server.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.Limit;
import io.holdfast.server.caller.Caller;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RateLimitsTest {

    private static final long SECOND = 1_000_000_000L;

    private final AtomicLong now = new AtomicLong();
    private @Nullable Acl acl = Acl.NONE;
    private final RateLimits limits = new RateLimits(() -> acl, now::get);

    private void limit(int streams, int rps) {
        var put = new AclChange.PutLimit(new Limit("l", List.of("key:*"), Limit.NONE, Limit.NONE, streams, rps));
        acl = Objects.requireNonNull(acl).after(put, Objects.requireNonNull(acl).revision() + 1);
    }

    private static Caller key(String name) {
        return new Caller("key:" + name, List.of(), Map.of(), Long.MAX_VALUE);
    }

    @Test
    void onePrincipalIsBoundedAndOthersAreNot() {
        limit(Limit.NONE, 2);
        assertEquals(0, limits.seconds(key("a")));
        assertEquals(0, limits.seconds(key("a")));
        assertEquals(1, limits.seconds(key("a")));
        assertEquals(0, limits.seconds(key("b")));
        for (int i = 0; i < 100; i++) {
            assertEquals(0, limits.seconds(Caller.anonymous()), "no limit is for it");
        }
        now.addAndGet(SECOND / 2);
        assertEquals(0, limits.seconds(key("a")));
        limit(Limit.NONE, 100);
        now.addAndGet(SECOND);
        assertEquals(0, limits.seconds(key("a")), "a higher limit acts at once");
        acl = null;
        assertEquals(0, limits.seconds(key("a")), "rules are not enforced");
    }

    @Test
    void streamsAreBoundedWhileTheyAreHeld() {
        limit(2, Limit.NONE);
        Held first = Objects.requireNonNull(limits.hold(key("a")));
        assertNotNull(limits.hold(key("a")));
        assertNull(limits.hold(key("a")));
        assertNotNull(limits.hold(key("b")));
        first.release();
        assertNotNull(limits.hold(key("a")));
        limit(1, Limit.NONE);
        assertNull(limits.hold(key("a")), "what is held stays, and nothing is added");
    }

    @Test
    void theTableOfPrincipalsIsBounded() {
        limit(5, 1);
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            held.add(Objects.requireNonNull(limits.hold(key("holder" + i))));
        }
        for (int i = 0; i < 3 * RateLimits.PRINCIPALS_MAX; i++) {
            assertEquals(0, limits.seconds(key("p" + i)));
            now.addAndGet(SECOND / 1_000);
            assertTrue(limits.principals() <= RateLimits.PRINCIPALS_MAX);
        }
        for (int i = 0; i < 4; i++) {
            assertNotNull(limits.hold(key("holder7")));
        }
        assertNull(limits.hold(key("holder7")), "its streams were not forgotten");
    }

    @Test
    void aKnownPrincipalAllocatesNothing() {
        limit(5, 1);
        Caller caller = key("a");
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int requests = 100_000;
        long before = 0;
        for (int i = 0; i < 2 * requests; i++) {
            before = i == requests ? threads.getCurrentThreadAllocatedBytes() : before;
            limits.seconds(caller);
        }
        long bytes = threads.getCurrentThreadAllocatedBytes() - before;
        assertTrue(bytes < requests, () -> bytes + " bytes for " + requests + " requests");
    }
}
