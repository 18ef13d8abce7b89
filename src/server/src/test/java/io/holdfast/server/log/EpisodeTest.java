package io.holdfast.server.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class EpisodeTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final List<String> lines = new ArrayList<>();
    private final Episode episode = new Episode("things burst", lines::add);

    @Test
    void aBurstHasALineWhenItBeginsAndOneWhenItIsOver() {
        long now = 0;
        for (var i = 0; i < 1_000; i++) {
            now += SECOND / 100;
            episode.happened(now, 2, "thing " + i);
            episode.tick(now);
        }
        assertEquals(List.of("things burst: thing 0"), lines);
        episode.tick(now + 9 * SECOND);
        assertEquals(1, lines.size());
        episode.tick(now + 11 * SECOND);
        episode.tick(now + 12 * SECOND);
        assertEquals(List.of("things burst: thing 0", "over: things burst, 2000 times in 9 s"), lines);
    }

    @Test
    void whatHappensOnceIsToldOnce() {
        episode.happened(SECOND, 1, "one");
        episode.tick(SECOND * 60);
        assertEquals(List.of("things burst: one"), lines);
    }

    @Test
    void aBurstThatGoesOnIsToldOfAgain() {
        for (var second = 0L; second <= 400; second++) {
            episode.happened(second * SECOND, 1, "at " + second);
            episode.tick(second * SECOND);
        }
        assertEquals(List.of("things burst: at 0", "things burst: 301 times in 301 s, lately at 301"), lines);
    }
}
