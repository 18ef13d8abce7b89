package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaitQueueTest {

    private final Lock lock = new Lock("l");
    private final Session session = new Session(1, "k", "", 1000, "", 0);
    private long serial = 1;

    @Test
    void everyTicketKnowsItsPositionWhoeverLeaves() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            WaitQueue queue = new WaitQueue();
            List<Grant> plain = new ArrayList<>();
            int aim = 1 + random.nextInt(60);
            for (int step = 0; step < 400; step++) {
                if (plain.isEmpty() || random.nextInt(2 * aim) > plain.size()) {
                    Grant grant = grant();
                    queue.add(grant);
                    plain.add(grant);
                } else {
                    queue.remove(plain.remove(random.nextInt(4) == 0 ? random.nextInt(plain.size()) : 0));
                }
                assertSame(plain, queue, seed);
            }
        }
    }

    @Test
    void aQueueOfTenThousandThatEmptiesFromItsHeadStaysInOrder() {
        WaitQueue queue = new WaitQueue();
        List<Grant> grants = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            grants.add(grant());
            queue.add(grants.get(i));
        }
        for (int i = 0; i < 10_000; i++) {
            assertEquals(grants.get(i), queue.at(1));
            assertEquals(10_000 - i, queue.position(grants.get(9_999)));
            queue.remove(grants.get(i));
        }
        assertEquals(0, queue.size());
    }

    @Test
    void aTicketThatIsNotInLineCannotLeaveIt() {
        WaitQueue queue = new WaitQueue();
        Grant grant = grant();
        queue.add(grant);
        queue.remove(grant);
        assertThrows(IllegalStateException.class, () -> queue.remove(grant));
        assertThrows(IllegalStateException.class, () -> queue.at(1));
    }

    private static void assertSame(List<Grant> plain, WaitQueue queue, long seed) {
        assertEquals(plain.size(), queue.size());
        for (int i = 0; i < plain.size(); i++) {
            int position = i + 1;
            assertEquals(position, queue.position(plain.get(i)), () -> "seed " + seed);
            assertEquals(plain.get(i), queue.at(position), () -> "seed " + seed);
        }
    }

    private Grant grant() {
        return new Grant(session, lock, ++serial, new Grant.Ask("g" + serial, "l", Mode.EXCLUSIVE, 1, "", 0));
    }
}
