package io.holdfast.operator.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** When a schedule is due, as a table. */
class SchedulesTest {

    private static final Duration HOUR = Duration.ofHours(1);

    @ParameterizedTest(name = "{0} {1}: after {2}, at {3}")
    @CsvSource(delimiter = '|', nullValues = "-", textBlock = """
            # schedule        | zone           | after       | now            | run (! missed) | next
            15 2 * * *        | Etc/UTC        | 11-29T02:15 | 11-30T02:14:59 | -              | 11-30T02:15
            15 2 * * *        | Etc/UTC        | 11-29T02:15 | 11-30T02:15    | 11-30T02:15    | 12-01T02:15
            15 2 * * *        | Etc/UTC        | 11-30T02:15 | 11-30T02:15    | -              | 12-01T02:15
            # Made up once within the deadline, to the second, and not after it.
            15 2 * * *        | Etc/UTC        | 11-27T02:15 | 11-30T03:15    | 11-30T02:15    | 12-01T02:15
            15 2 * * *        | Etc/UTC        | 11-27T02:15 | 11-30T03:15:01 | !11-30T02:15   | 12-01T02:15
            # Of many that were missed only the latest.
            */5 * * * *       | Etc/UTC        | 11-30T00:00 | 11-30T02:17:30 | 11-30T02:15    | 11-30T02:20
            # A schedule that was made a moment ago asks for nothing of before.
            15 2 * * *        | Etc/UTC        | 11-30T02:20 | 11-30T02:20:01 | -              | 12-01T02:15
            # The zone's time, in winter and in summer.
            15 2 * * *        | Europe/Berlin  | 11-29T12:00 | 11-30T01:15    | 11-30T01:15    | 12-01T01:15
            15 2 * * *        | Europe/Berlin  | 07-01T12:00 | 07-02T00:15    | 07-02T00:15    | 07-03T00:15
            0 0 * * *         | Asia/Kathmandu | 11-29T00:00 | 11-29T12:00    | -              | 11-29T18:15
            # Clocks go forward on 29 March 2026 at 02:00: 02:30 does not exist, and is due at 03:30.
            30 2 * * *        | Europe/Berlin  | 03-28T01:30 | 03-29T01:00    | -              | 03-29T01:30
            30 2 * * *        | Europe/Berlin  | 03-28T01:30 | 03-29T01:30    | 03-29T01:30    | 03-30T00:30
            0 2 * * *         | Europe/Berlin  | 03-28T01:00 | 03-29T01:00    | 03-29T01:00    | 03-30T00:00
            # 02:45 becomes 03:45, after 03:00 which exists.
            45 2,3 * * *      | Europe/Berlin  | 03-29T00:00 | 03-29T00:30    | -              | 03-29T01:45
            45 2 29 3 *       | Europe/Berlin  | 03-28T00:00 | 03-29T02:00    | 03-29T01:45    | 2027-03-29T00:45
            # Clocks go back on 25 October 2026 at 03:00: 02:30 exists twice, and is due the first time only.
            30 2 * * *        | Europe/Berlin  | 10-24T00:30 | 10-25T00:30    | 10-25T00:30    | 10-26T01:30
            30 2 * * *        | Europe/Berlin  | 10-25T00:30 | 10-25T01:30    | -              | 10-26T01:30
            # With every hour it is due both times.
            30 * * * *        | Europe/Berlin  | 10-25T00:30 | 10-25T01:30    | 10-25T01:30    | 10-25T02:30
            # The other hemisphere, half an hour: Lord Howe puts its clocks back on 5 April 2026 at 02:00 to 01:30.
            45 1 * * *        | Australia/Lord_Howe | 04-04T00:00 | 04-04T14:45    | 04-04T14:45    | 04-05T15:15
            # Either day counts when both are given; Sunday is 0 and 7; names are known.
            0 0 13 * 5        | Etc/UTC        | 11-30T00:00 | 12-12T00:00    | 12-11T00:00    | 12-13T00:00
            0 3 * * 7         | Etc/UTC        | 11-30T00:00 | 12-01T00:00    | -              | 12-06T03:00
            0 3 * JAN MON-FRI | Etc/UTC        | 11-30T00:00 | 12-01T00:00    | -              | 2027-01-01T03:00
            0 0 29 2 *        | Etc/UTC        | 11-30T00:00 | 12-01T00:00    | -              | 2028-02-29T00:00
            """)
    void isDue(String schedule, String zone, String after, String now, @Nullable String run, String next)
            throws BadScheduleException {
        // The row of 12 December looks back over a whole day.
        Duration deadline = schedule.equals("0 0 13 * 5") ? Duration.ofDays(2) : HOUR;
        Schedules.Times times = Schedules.next(schedule, zone, time(after), deadline, time(now));
        boolean missed = run != null && run.startsWith("!");
        Instant at = run == null ? null : time(missed ? run.substring(1) : run);
        assertEquals(new Schedules.Times(missed ? null : at, missed ? at : null, time(next)), times);
    }

    /** A time of 2026 has no year here, and none has its zone: it is UTC. */
    private static Instant time(String text) {
        return LocalDateTime.parse(text.startsWith("20") ? text : "2026-" + text)
                .toInstant(ZoneOffset.UTC);
    }

    /** From one run to the next over both changes of the clocks: no interval is longer or shorter. */
    @ParameterizedTest
    @ValueSource(strings = {"2026-03-28T22:00:00Z", "2026-10-24T22:00:00Z"})
    void keepsAnIntervalWhileClocksChange(Instant start) throws BadScheduleException {
        List<Instant> runs = runs("*/20 * * * *", "Europe/Berlin", start, 24);
        for (int i = 0; i < runs.size(); i++) {
            assertEquals(start.plus(Duration.ofMinutes(20L * (i + 1))), runs.get(i));
        }
    }

    /** A nightly run happens once on each day of a year, whatever the clocks do. */
    @ParameterizedTest
    @CsvSource({"30 2 * * *,Europe/Berlin", "30 0 * * *,America/Havana"})
    void runsOnceOnEachDay(String schedule, String zone) throws BadScheduleException {
        Instant start = time("01-01T12:00");
        List<Instant> runs = runs(schedule, zone, start, 365);
        for (int i = 1; i < runs.size(); i++) {
            long minutes = Duration.between(runs.get(i - 1), runs.get(i)).toMinutes();
            assertTrue(minutes >= 22 * 60 && minutes <= 26 * 60, runs.get(i) + " after " + minutes + " minutes");
        }
        assertEquals(365, runs.size());
    }

    private static List<Instant> runs(String schedule, String zone, Instant start, int count)
            throws BadScheduleException {
        List<Instant> runs = new ArrayList<>();
        Schedules schedules = Schedules.parse(schedule, zone);
        Instant at = start;
        for (int i = 0; i < count; i++) {
            Instant next = schedules.times(at, HOUR, at).next();
            Schedules.Times then = schedules.times(at, HOUR, next);
            assertEquals(next, then.due(), "what is announced is due then");
            assertNull(then.missed());
            runs.add(next);
            at = next;
        }
        return runs;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            60 2 * * *      | Etc/UTC       | Value 60 not in range [0, 59]
            15 2 * *        | Etc/UTC       | use five fields
            ''              | Etc/UTC       | use five fields
            0 0 31 2 *      | Etc/UTC       | no year has such a day
            @daily          | Etc/UTC       | a character that does not belong there
            0 0 L * *       | Etc/UTC       | cannot be
            */0 * * * *     | Etc/UTC       | cannot be
            15 2 * * *      | Europe/Berlon | timeZone 'Europe/Berlon' is none
            15 2 * * *      | ''            | timeZone '' is none
            """)
    void saysWhatCannotBe(String schedule, String zone, String part) {
        Instant now = Instant.parse("2026-11-30T00:00:00Z");
        var refused = assertThrows(BadScheduleException.class, () -> Schedules.next(schedule, zone, now, HOUR, now));
        String message = refused.getMessage();
        assertTrue(message != null && message.contains(part), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void boundsTheMessage() {
        Instant now = Instant.parse("2026-11-30T00:00:00Z");
        String longer = "1\n".repeat(100_000);
        var refused = assertThrows(BadScheduleException.class, () -> Schedules.next(longer, "Etc/UTC", now, HOUR, now));
        String message = refused.getMessage();
        assertTrue(message != null && message.length() < 1000 && !message.contains("\n"), message);
    }
}
