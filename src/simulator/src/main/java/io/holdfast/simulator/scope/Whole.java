package io.holdfast.simulator.scope;

/**
 * All three servers, what is under way between them, what was ever committed and what may still happen: one state,
 * packed into an array of numbers.
 *
 * <p>There are two connections at most from each server to each other one, so that an old one can linger beside a new
 * one. A connection is two lanes, up from the learner and down to it; each is its content and whether its receiver
 * still has that end open.
 */
final class Whole {

    static final int SERVERS = Server.COUNT;
    static final int CONNECTIONS = SERVERS * SERVERS * 2;

    private static final int COMMITTED = SERVERS;
    private static final int LEADERS = SERVERS + 1;
    private static final int BUDGETS = SERVERS + 2;
    private static final int LANES = SERVERS + 3;
    private static final int SIZE = LANES + 2 * CONNECTIONS;
    private static final int BITS = 3;
    private static final int MASK = (1 << BITS) - 1;

    /** What may happen only so often, and who is cut off. */
    enum Budget {
        TXNS(0),
        CRASHES(1),
        PARTITIONS(2),
        LEADS(3),
        TIMEOUTS(4),
        READS(5),
        CUT_OFF(6);

        private final int shift;

        Budget(int place) {
            shift = BITS * place;
        }
    }

    private final int[] numbers;

    private Whole(int[] numbers) {
        this.numbers = numbers;
    }

    static Whole of(int[] numbers) {
        return new Whole(numbers);
    }

    static Whole begin(Bound bound, int[] servers) {
        Whole whole = new Whole(new int[SIZE]);
        System.arraycopy(servers, 0, whole.numbers, 0, SERVERS);
        whole.refill(bound);
        return whole;
    }

    void refill(Bound bound) {
        numbers[BUDGETS] = 0;
        set(Budget.TXNS, bound.txns());
        set(Budget.CRASHES, bound.crashes());
        set(Budget.PARTITIONS, bound.partitions());
        set(Budget.LEADS, bound.leads());
        set(Budget.TIMEOUTS, bound.timeouts());
        set(Budget.READS, bound.reads());
    }

    Whole copy() {
        return new Whole(numbers.clone());
    }

    int[] numbers() {
        return numbers;
    }

    long hash() {
        long hash = 17;
        for (int number : numbers) {
            hash = (hash ^ number) * 0x9E37_79B9_7F4A_7C15L;
            hash ^= hash >>> 29;
        }
        return Fingerprint.mix(hash, 1);
    }

    int server(int id) {
        return numbers[id - 1];
    }

    void server(int id, int local) {
        numbers[id - 1] = local;
    }

    int committed() {
        return numbers[COMMITTED];
    }

    void committed(int list) {
        numbers[COMMITTED] = list;
    }

    /** Returns who led an epoch; 0 for nobody so far. */
    int leaderOf(long epoch) {
        return (numbers[LEADERS] >> (2 * (int) epoch)) & 3;
    }

    void leads(long epoch, int server) {
        if (epoch > 15) {
            throw new IllegalStateException("a scope with so many epochs is not small");
        }
        numbers[LEADERS] |= server << (2 * (int) epoch);
    }

    int left(Budget budget) {
        return (numbers[BUDGETS] >> budget.shift) & MASK;
    }

    void set(Budget budget, int value) {
        numbers[BUDGETS] = (numbers[BUDGETS] & ~(MASK << budget.shift)) | value << budget.shift;
    }

    void spend(Budget budget) {
        set(budget, left(budget) - 1);
    }

    boolean isCut(int one, int other) {
        int cutOff = left(Budget.CUT_OFF);
        return cutOff == one || cutOff == other;
    }

    // ---- connections ----

    static int learnerOf(int connection) {
        return connection / 2 / SERVERS + 1;
    }

    static int leaderOf(int connection) {
        return connection / 2 % SERVERS + 1;
    }

    /** Returns the first of the two connections from a learner to a leader. */
    static int first(int learner, int leader) {
        return ((learner - 1) * SERVERS + leader - 1) * 2;
    }

    /** Returns the number of a lane: up from the learner, or down to it. */
    static int lane(int connection, boolean up) {
        return 2 * connection + (up ? 0 : 1);
    }

    static int receiver(int lane) {
        return lane % 2 == 0 ? leaderOf(lane / 2) : learnerOf(lane / 2);
    }

    static int sender(int lane) {
        return receiver(lane ^ 1);
    }

    int content(int lane) {
        return numbers[LANES + lane] >> 1;
    }

    void content(int lane, int content) {
        numbers[LANES + lane] = content << 1 | (numbers[LANES + lane] & 1);
    }

    /** Returns whether the receiver of a lane has its end open. */
    boolean isOpen(int lane) {
        return (numbers[LANES + lane] & 1) != 0;
    }

    void open(int lane) {
        numbers[LANES + lane] = 1;
    }

    /** The receiver is gone, and with it all that was on its way to it. */
    void shut(int lane) {
        numbers[LANES + lane] = 0;
    }

    boolean isFree(int connection) {
        return numbers[LANES + 2 * connection] == 0 && numbers[LANES + 2 * connection + 1] == 0;
    }
}
