package io.holdfast.operator.backup;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * When a schedule is due. A pure function of the schedule, of the run before and of the present: it has no clock and no
 * memory.
 *
 * <p>The expression is read against local time. Where clocks are put forward, a time that does not exist is due as much
 * later as the clocks jump (02:30 becomes 03:30). Where they are put back, a time that exists twice is due the first
 * time; with {@code *} as its hour it is due both times, since such a schedule is about intervals.
 */
public final class Schedules {

    private static final int CHARS_MAX = 200;
    private static final Pattern CHARS = Pattern.compile("[0-9A-Za-z*,/\\- ]*");
    private static final Pattern SPACES = Pattern.compile(" +");

    /** Local times are looked at this far around a moment; no zone puts its clocks that far. */
    private static final Duration MARGIN = Duration.ofHours(3);

    private static final LocalDateTime SOME_DAY = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final ExecutionTime times;
    private final ZoneRules rules;
    private final boolean everyHour;

    private Schedules(ExecutionTime times, ZoneRules rules, boolean everyHour) {
        this.times = times;
        this.rules = rules;
        this.everyHour = everyHour;
    }

    /**
     * What a schedule asks for at one moment.
     *
     * @param due the scheduled time of the run to begin now; absent when none is to begin
     * @param missed the scheduled time of the latest run that can no longer begin; absent when there is none
     * @param next the first scheduled time after now
     */
    public record Times(@Nullable Instant due, @Nullable Instant missed, Instant next) {}

    /**
     * Returns what a schedule asks for. Of several runs that should have begun only the latest is due: a run is made up
     * once.
     *
     * @param schedule five fields: minute, hour, day of the month, month, day of the week
     * @param timeZone name in the time zone database, such as {@code Europe/Berlin}
     * @param after runs up to this time have begun, or are not asked for
     * @param startingDeadline how much later than scheduled a run may begin
     * @param now the present
     * @throws BadScheduleException when there is no such schedule or time zone
     */
    public static Times next(String schedule, String timeZone, Instant after, Duration startingDeadline, Instant now)
            throws BadScheduleException {
        return parse(schedule, timeZone).times(after, startingDeadline, now);
    }

    static Schedules parse(String schedule, String timeZone) throws BadScheduleException {
        ZoneRules rules = zone(timeZone);
        String fields = schedule.strip();
        if (fields.length() > CHARS_MAX || !CHARS.matcher(fields).matches()) {
            throw bad(schedule, "it has a character that does not belong there, or more than " + CHARS_MAX);
        }
        try {
            var parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));
            ExecutionTime times = ExecutionTime.forCron(parser.parse(fields).validate());
            boolean everyHour = List.of(SPACES.split(fields)).get(1).equals("*");
            var found = new Schedules(times, rules, everyHour);
            if (found.after(SOME_DAY) == null) {
                throw bad(schedule, "no year has such a day");
            }
            return found;
        } catch (IllegalArgumentException e) {
            String reason = Optional.ofNullable(e.getMessage()).orElse("it cannot be read");
            throw bad(schedule, reason.replace("Failed to parse cron expression. ", ""));
        }
    }

    private static ZoneRules zone(String name) throws BadScheduleException {
        try {
            return ZoneId.of(name.strip()).getRules();
        } catch (DateTimeException e) {
            throw new BadScheduleException("timeZone '" + Lines.shorter(name, CHARS_MAX)
                    + "' is none: use a name of the time zone database, such as Europe/Berlin or Etc/UTC");
        }
    }

    private static BadScheduleException bad(String schedule, String reason) {
        return new BadScheduleException("schedule '" + Lines.shorter(schedule, CHARS_MAX) + "' cannot be: "
                + Lines.shorter(reason, CHARS_MAX)
                + "; use five fields (minute, hour, day of month, month, day of week), such as '15 2 * * *'");
    }

    Times times(Instant after, Duration startingDeadline, Instant now) throws BadScheduleException {
        Instant latest = latest(now);
        if (latest == null || !latest.isAfter(after)) {
            return new Times(null, null, first(now));
        }
        boolean inTime = !latest.plus(startingDeadline).isBefore(now);
        return inTime ? new Times(latest, null, first(now)) : new Times(null, latest, first(now));
    }

    /** The latest scheduled time up to then. */
    private @Nullable Instant latest(Instant now) {
        LocalDateTime from = local(now).plus(MARGIN).truncatedTo(ChronoUnit.MINUTES);
        Instant best = null;
        for (LocalDateTime at = before(from); at != null; at = before(at)) {
            if (best != null && at.isBefore(local(best).minus(MARGIN))) {
                break;
            }
            for (Instant instant : instants(at)) {
                if (!instant.isAfter(now) && (best == null || instant.isAfter(best))) {
                    best = instant;
                }
            }
        }
        return best;
    }

    /** The first scheduled time after then. */
    private Instant first(Instant now) throws BadScheduleException {
        LocalDateTime from = local(now).minus(MARGIN).truncatedTo(ChronoUnit.MINUTES);
        Instant best = null;
        for (LocalDateTime at = after(from); at != null; at = after(at)) {
            if (best != null && at.isAfter(local(best).plus(MARGIN))) {
                break;
            }
            for (Instant instant : instants(at)) {
                if (instant.isAfter(now) && (best == null || instant.isBefore(best))) {
                    best = instant;
                }
            }
        }
        if (best == null) {
            throw new BadScheduleException("the schedule has no further time");
        }
        return best;
    }

    private List<Instant> instants(LocalDateTime at) {
        List<ZoneOffset> offsets = rules.getValidOffsets(at);
        if (offsets.isEmpty()) {
            // With the offset before the jump, the same moment reads as much later as the clocks jump.
            return List.of(at.toInstant(rules.getTransition(at).getOffsetBefore()));
        }
        return offsets.stream()
                .limit(everyHour ? offsets.size() : 1)
                .map(at::toInstant)
                .toList();
    }

    private LocalDateTime local(Instant at) {
        return LocalDateTime.ofInstant(at, rules.getOffset(at));
    }

    /* The library sees local times as if they were those of UTC, where every one exists once. */

    private @Nullable LocalDateTime after(LocalDateTime at) {
        return times.nextExecution(at.atZone(ZoneOffset.UTC))
                .map(next -> next.toLocalDateTime())
                .orElse(null);
    }

    private @Nullable LocalDateTime before(LocalDateTime at) {
        return times.lastExecution(at.atZone(ZoneOffset.UTC))
                .map(last -> last.toLocalDateTime())
                .orElse(null);
    }
}
