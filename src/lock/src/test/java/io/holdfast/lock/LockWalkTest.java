package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Binding;
import io.holdfast.lock.acl.NameSet;
import io.holdfast.lock.acl.Observers;
import io.holdfast.lock.acl.Policy;
import io.holdfast.lock.acl.Rights;
import io.holdfast.lock.acl.Rule;
import io.holdfast.lock.acl.Subject;
import io.holdfast.lock.acl.Verb;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What a caller may read is listed as if all were looked at, and without looking at all. */
class LockWalkTest {

    private static final String[] SEGMENTS = {"a", "a-b", "b", "c", "z"};

    private static String name(Random random) {
        StringBuilder name = new StringBuilder(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        for (int i = random.nextInt(3); i > 0; i--) {
            name.append('/').append(SEGMENTS[random.nextInt(SEGMENTS.length)]);
        }
        return name.toString();
    }

    /** Returns the names that a document with these patterns lets a caller read. */
    static NameSet readable(List<String> patterns) {
        List<Rule> rules = new ArrayList<>();
        patterns.forEach(pattern -> rules.add(Rule.of(List.of("read"), pattern)));
        AclDocument document = new AclDocument(
                AclMode.ENFORCE,
                Observers.LOCKS,
                rules.isEmpty() ? List.of() : List.of(new Policy("p", rules)),
                rules.isEmpty() ? List.of() : List.of(new Binding("p", "p", List.of("key:a"))),
                List.of());
        return Rights.of(document, new Subject("key:a")).names(Verb.READ);
    }

    private static List<String> names(List<LockView> locks) {
        return locks.stream().map(LockView::name).toList();
    }

    @Test
    void pagesOfSomeNamesAreThoseOfAllWithoutTheOthers() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            LockTable table = new LockTable();
            table.apply(1, new Command.OpenSession("k", 10_000, "", "", 0));
            for (int i = 2; i < 40; i++) {
                String grant = "g" + i;
                table.apply(i, new Command.Acquire(grant, 1, name(random), Mode.EXCLUSIVE, 1_000, "", 0));
            }
            List<String> patterns = new ArrayList<>();
            for (int i = random.nextInt(5); i > 0; i--) {
                patterns.add(name(random) + (random.nextBoolean() ? "/" : ""));
            }
            NameSet readable = readable(patterns);
            String prefix = random.nextBoolean() ? "" : name(random);
            List<String> wanted = names(table.locks(prefix, false, null, 100)).stream()
                    .filter(readable::contains)
                    .toList();
            List<String> listed = new ArrayList<>();
            String after = null;
            List<String> page;
            do {
                page = names(table.locks(readable.within(prefix), false, after, 2));
                listed.addAll(page);
                after = page.isEmpty() ? null : page.get(page.size() - 1);
            } while (page.size() == 2);
            assertEquals(wanted, listed, "seed " + seed + ": " + patterns + " " + prefix);

            List<Presence> there = new ArrayList<>();
            Presence.Mark mark = null;
            Presence.Page some;
            do {
                some = table.presences(readable.within(prefix), mark, 3);
                there.addAll(some.grants());
                mark = some.end();
            } while (mark != null);
            List<Presence> all =
                    table.presences(NameSet.beginningWith(prefix), null, 1_000).grants();
            assertEquals(
                    all.stream()
                            .filter(presence -> readable.contains(presence.lock()))
                            .toList(),
                    there,
                    "seed " + seed + ": " + patterns + " " + prefix);
        }
    }

    /** A map that counts how often a place is sought in it and how many locks are looked at. */
    private static final class Counted extends TreeMap<String, Lock> {
        private static final long serialVersionUID = 1;
        private int seeks;

        @Override
        public java.util.NavigableMap<String, Lock> tailMap(String from, boolean inclusive) {
            seeks++;
            return super.tailMap(from, inclusive);
        }
    }

    @Test
    void whatMayNotBeReadIsPassedOverHoweverMuchItIs() {
        Counted locks = new Counted();
        for (int i = 0; i < 100_000; i++) {
            String name = "other/" + i;
            locks.put(name, new Lock(name, 1));
        }
        for (String name : List.of("mine/1", "p/x", "zz/9")) {
            locks.put(name, new Lock(name, 1));
        }
        NameSet readable = readable(List.of("a/", "b/", "c", "mine/", "oz/", "zz/"));
        LockWalk walk = new LockWalk(locks, readable, "", true);
        List<String> found = new ArrayList<>();
        walk.forEachRemaining(lock -> found.add(lock.name));

        assertEquals(List.of("mine/1", "zz/9"), found);
        assertTrue(locks.seeks <= readable.size() + 1, () -> locks.seeks + " seeks");
    }
}
