package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class WaitQueueTest {

    private final Lock lock = new Lock("l", 0);
    private final Session session = new Session(1, new Session.Terms("k", "", 1000, "", 0, ""), 0);
    private long serial = 1;

    @Test
    void everyTicketKnowsItsPositionWhoeverLeaves() {
        for (long seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            WaitQueue queue = new WaitQueue();
            List<Place> plain = new ArrayList<>();
            int aim = 1 + random.nextInt(60);
            for (int step = 0; step < 400; step++) {
                if (plain.isEmpty() || random.nextInt(2 * aim) > plain.size()) {
                    Place place = place();
                    queue.add(place);
                    plain.add(place);
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
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            places.add(place());
            queue.add(places.get(i));
        }
        for (int i = 0; i < 10_000; i++) {
            assertEquals(places.get(i), queue.at(1));
            assertEquals(10_000 - i, queue.position(places.get(9_999)));
            queue.remove(places.get(i));
        }
        assertEquals(0, queue.size());
    }

    @Test
    void aTicketThatIsNotInLineCannotLeaveIt() {
        WaitQueue queue = new WaitQueue();
        Place place = place();
        queue.add(place);
        queue.remove(place);
        assertThrows(IllegalStateException.class, () -> queue.remove(place));
        assertThrows(IllegalStateException.class, () -> queue.at(1));
    }

    private static void assertSame(List<Place> plain, WaitQueue queue, long seed) {
        assertEquals(plain.size(), queue.size());
        for (int i = 0; i < plain.size(); i++) {
            int position = i + 1;
            assertEquals(position, queue.position(plain.get(i)), () -> "seed " + seed);
            assertEquals(plain.get(i), queue.at(position), () -> "seed " + seed);
        }
    }

    private Place place() {
        Grant.Ask ask = new Grant.Ask("g" + ++serial, List.of(Claim.exclusive("l")), 1, "", 0);
        return new Grant(session, List.of(lock), serial, ask).place(0);
    }
}
