package io.holdfast.bench;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;

/** Lists many locks by prefix: the first page, and all pages one after the other. */
final class Listings {

    private static final String PREFIX = "bench/listing/";
    private static final int PAGE = 1000;
    private static final int ROUNDS = 10;
    private static final Pattern NEXT = Pattern.compile("\"next\"\\s*:\\s*\"([^\"]+)\"");

    private final ManyLocks many;

    Listings(Holdfast system) {
        this.many = new ManyLocks(system.port(1), PREFIX);
    }

    /**
     * What was measured.
     *
     * @param first nanoseconds of a first page
     * @param whole nanoseconds of all pages
     */
    record Figures(Histogram first, Histogram whole) {}

    /** Takes so many locks, a multiple of 5 000, and lists them. */
    Figures run(int locks) throws IOException, InterruptedException {
        many.take(locks);
        var first = new Histogram(3);
        var whole = new Histogram(3);
        for (var round = 0; round < 2 * ROUNDS; round++) {
            if (round == ROUNDS) {
                first.reset();
                whole.reset();
            }
            list(locks, first, whole);
        }
        return new Figures(first, whole);
    }

    private void list(int locks, Histogram first, Histogram whole) throws IOException, InterruptedException {
        var start = System.nanoTime();
        var pages = 0;
        var cursor = "";
        do {
            var page = many.send("GET", "/v1/locks?prefix=" + PREFIX + "&limit=" + PAGE + cursor, "");
            if (page.statusCode() != 200) {
                throw new IllegalStateException("no page: " + page.body());
            }
            if (pages == 0) {
                first.recordValue(System.nanoTime() - start);
            }
            pages++;
            var next = NEXT.matcher(page.body());
            cursor = next.find() ? "&after=" + URLEncoder.encode(next.group(1), StandardCharsets.UTF_8) : "";
        } while (!cursor.isEmpty());
        whole.recordValue(System.nanoTime() - start);
        if (pages < locks / PAGE) {
            throw new IllegalStateException(pages + " pages of " + PAGE + " for " + locks + " locks");
        }
    }
}
