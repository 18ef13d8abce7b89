package io.holdfast.server.limit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenBucketTest {

    private static final long SECOND = 1_000_000_000L;

    /** A bucket by its definition: tokens that come one by one. */
    private static final class Naive {
        private double tokens;
        private long at;

        private boolean take(int rate, long now) {
            tokens = Math.min(rate, tokens + (now - at) / 1e9 * rate);
            at = now;
            if (tokens < 1) {
                return false;
            }
            tokens--;
            return true;
        }
    }

    @Test
    void itLetsThroughWhatABucketOfTokensLetsThrough() {
        Random random = new Random(1);
        for (int round = 0; round < 200; round++) {
            // Rates that divide a second, so that rounding makes no difference between the two.
            int rate = new int[] {1, 2, 5, 10, 100, 1_000, 1_000_000}[random.nextInt(7)];
            long now = random.nextLong();
            TokenBucket bucket = new TokenBucket(now);
            Naive naive = new Naive();
            naive.tokens = rate;
            naive.at = now;
            for (int i = 0; i < 500; i++) {
                // Half of a token's time off its borders.
                now += random.nextInt(4) * (SECOND / rate) / 2 + (random.nextInt(200) == 0 ? 3 * SECOND : 0);
                boolean expected = naive.take(rate, now + SECOND / rate / 1_000);
                assertEquals(expected, bucket.take(rate, now) == 0, "round " + round + ", request " + i);
            }
        }
    }

    @Test
    void aClientThatWaitsAsItIsToldIsLetThrough() {
        Random random = new Random(2);
        for (int round = 0; round < 100; round++) {
            int rate = 1 + random.nextInt(5_000);
            long now = random.nextLong();
            TokenBucket bucket = new TokenBucket(now);
            for (int i = 0; i < 2 * rate && i < 2_000; i++) {
                now += bucket.take(rate, now);
            }
            long wait = bucket.take(rate, now);
            if (wait > 0) {
                assertTrue(wait <= SECOND, () -> "waits " + wait);
                assertEquals(0, bucket.take(rate, now + wait), "rate " + rate);
            }
        }
    }

    @Test
    void noMoreThanTheRateAndOneBucketComeThroughInAnyTime() {
        Random random = new Random(3);
        for (int round = 0; round < 50; round++) {
            int rate = 1 + random.nextInt(300);
            long begin = random.nextLong();
            long now = begin;
            TokenBucket bucket = new TokenBucket(begin);
            long through = 0;
            for (int i = 0; i < 5_000; i++) {
                now += random.nextInt((int) (SECOND / rate / 5) + 1);
                through += bucket.take(rate, now) == 0 ? 1 : 0;
                assertTrue(
                        through <= rate + (now - begin + SECOND / rate) / (double) SECOND * rate + 1, "round " + round);
            }
        }
    }

    @Test
    void aRateOfZeroLetsNothingThrough() {
        TokenBucket bucket = new TokenBucket(0);
        assertEquals(SECOND, bucket.take(0, 100 * SECOND));
        assertTrue(bucket.isFull(100 * SECOND));
    }
}
