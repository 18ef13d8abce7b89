package io.holdfast.server.replica;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Command;
import io.holdfast.lock.LockTable;
import io.holdfast.lock.OnBehalf;
import io.holdfast.lock.acl.NameSet;
import io.holdfast.server.config.HoldfastConfig;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Answers are bounded, whatever the table has. */
class TableViewsTest {

    private static final HoldfastConfig.Session SETTINGS = (HoldfastConfig.Session) Proxy.newProxyInstance(
            TableViewsTest.class.getClassLoader(),
            new Class<?>[] {HoldfastConfig.Session.class},
            (proxy, method, arguments) -> Duration.ofSeconds(1));

    private final LockTable table = new LockTable();
    private final TableViews views = new TableViews(SETTINGS, session -> 0, 0);
    private long revision;

    private long open(String name, String metadata) {
        revision++;
        table.apply(revision, new Command.OpenSession("k" + revision, 1_000, name, metadata, 0));
        return revision;
    }

    private long openFor(String owner) {
        revision++;
        table.apply(revision, new OnBehalf(owner, new Command.OpenSession("k" + revision, 1_000, "", "", 0)));
        return revision;
    }

    private void acquire(long session, int count, String metadata) {
        for (int i = 0; i < count; i++) {
            revision++;
            List<Claim> claims = List.of(Claim.exclusive("l/" + revision));
            table.apply(revision, new Command.Acquire("g" + revision, session, claims, 0, metadata, 0));
        }
    }

    @Test
    void aKeepaliveTellsNoticesAndOfGrantsAsManyAsItIsAskedFor() {
        long session = open("s", "");
        acquire(session, 600, "");
        assertEquals(0, views.keptAlive(table, session, 0, 9).grants().size());
        assertEquals(0, views.keptAlive(table, session, 0, 9).noticed().size());
        KeptAlive some = views.keptAlive(table, session, 400, 9);
        assertEquals(400, some.grants().size());
        assertEquals(200, some.more());
        assertEquals(0, views.keptAlive(table, session, 600, 9).more());

        for (long grant = 2; grant <= 5; grant++) {
            revision++;
            table.apply(revision, new Command.Break("l/" + grant, "g" + grant, 0, "me", "why", 60_000, 0));
        }
        KeptAlive warned = views.keptAlive(table, session, 0, 3);
        assertEquals(
                List.of("g2", "g3", "g4"),
                warned.noticed().stream().map(GrantView::id).toList());
        revision++;
        table.apply(revision, new Command.Release("g3", 0, 0));
        assertEquals(3, views.keptAlive(table, session, 0, 9).noticed().size());
    }

    @Test
    void aPageOfLocksEndsEarlyWhenMetadataIsAskedForAndLong() {
        acquire(open("s", ""), 1_000, "x".repeat(4_000));
        assertEquals(1_000, locks(false).get(0));
        List<Integer> sizes = locks(true);
        assertTrue(sizes.get(0) < 200, () -> "a page of " + sizes.get(0) + " locks with 4 KB each");
        assertEquals(1_000, sizes.stream().mapToInt(size -> size).sum());
    }

    private List<Integer> locks(boolean metadata) {
        List<Integer> sizes = new ArrayList<>();
        String after = "";
        do {
            PageRequest asked = new PageRequest("l/", after, 1_000, metadata);
            Page<LockView> page = views.locks(table, LockFilter.HELD, asked, NameSet.ALL);
            sizes.add(page.items().size());
            after = page.next();
        } while (!after.isEmpty());
        return sizes;
    }

    @Test
    void aPageOfSessionsLooksAtABoundedNumberAndGoesOnBehindThem() {
        for (int i = 0; i < 5_000; i++) {
            open("other", "");
        }
        long wanted = open("wanted", "");
        List<String> found = new ArrayList<>();
        String after = "";
        int pages = 0;
        do {
            Page<SessionView> page =
                    views.sessions(table, new PageRequest("want", after, 10), SessionIds.parse(after), "");
            page.items().forEach(session -> found.add(session.id()));
            after = page.next();
            pages++;
        } while (!after.isEmpty());
        assertEquals(List.of(TableViews.sessionId(wanted)), found);
        assertEquals(3, pages);
    }

    @Test
    void aPageOfOwnSessionsEndsAtNoSessionOfOthers() {
        for (int i = 0; i < 5_000; i++) {
            openFor("key:other");
        }
        long own = openFor("key:a");
        openFor("key:other");
        List<String> found = new ArrayList<>();
        String after = "";
        do {
            Page<SessionView> page =
                    views.sessions(table, new PageRequest("", after, 10), SessionIds.parse(after), "key:a");
            assertTrue(page.filtered());
            page.items().forEach(session -> found.add(session.id()));
            after = page.next();
            assertEquals(0x3FF, after.isEmpty() ? 0x3FF : SessionIds.parse(after) & 0x3FF, after);
        } while (!after.isEmpty());
        assertEquals(List.of(TableViews.sessionId(own)), found);
    }
}
