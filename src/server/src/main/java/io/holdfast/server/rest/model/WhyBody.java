package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.WhyView;
import java.util.List;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Why a ticket is in line.
 *
 * @param grant the ticket as it is now
 * @param words the same in one sentence
 * @param waitedMs since when it is in line, by the wall clocks of nodes
 * @param waitMs how long it may be, at most
 * @param waitsAt each of its locks that keeps it waiting; empty once granted
 * @param deadlock whether its session waits, at some distance, for itself
 * @param cycle how, in that case
 * @param deadlockSearch {@code complete}; or {@code not searched} when so much stands in these lines that a deadlock
 *     was not looked for to the end, and {@code deadlock} says nothing
 */
@Schema(description = "Behind whom a ticket stands, since when, how long at most, and whether that is a cycle.")
public record WhyBody(
        GrantBody grant,
        String words,
        long waitedMs,
        long waitMs,
        List<Line> waitsAt,
        boolean deadlock,
        List<CycleStep> cycle,
        String deadlockSearch) {

    /**
     * One of the locks.
     *
     * @param lock its name
     * @param position place in its line, 1 is next
     * @param delayMs for how long it is closed after an expiry; 0 when it is not
     * @param behind holders first, then tickets ahead; those it cannot hold the lock beside, the first of many
     */
    @Schema(name = "WhyLine")
    public record Line(String lock, int position, long delayMs, List<Other> behind) {}

    /**
     * A grant that it stands behind.
     *
     * @param grant its id
     * @param session whose it is
     * @param sessionName as given when the session was opened
     * @param state {@code granted} or {@code waiting}
     * @param heldMs since when it holds the lock, absent when it is in line
     * @param waitedMs since when it is in line
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @Schema(name = "WhyOther")
    public record Other(
            String grant,
            String session,
            String sessionName,
            String state,
            @Nullable Long heldMs,
            long waitedMs) {

        static Other of(GrantView view) {
            boolean granted = view.state() == GrantView.State.GRANTED;
            return new Other(
                    view.id(),
                    view.session(),
                    view.sessionName(),
                    granted ? "granted" : "waiting",
                    granted ? view.heldMs() : null,
                    view.waitedMs());
        }
    }

    public static WhyBody of(WhyView why) {
        List<Line> lines = why.lines().stream()
                .map(line -> new Line(
                        line.lock(),
                        line.position(),
                        line.delayMs(),
                        Stream.concat(line.holders().stream(), line.ahead().stream())
                                .map(Other::of)
                                .toList()))
                .toList();
        return new WhyBody(
                GrantBody.of(why.grant()),
                words(why.grant(), lines),
                why.grant().waitedMs(),
                why.grant().waitMs(),
                lines,
                !why.cycle().isEmpty(),
                why.cycle().stream().map(CycleStep::of).toList(),
                why.searched() ? "complete" : "not searched");
    }

    private static String words(GrantView grant, List<Line> lines) {
        if (lines.isEmpty()) {
            return grant.id() + " is granted";
        }
        StringBuilder words = new StringBuilder(grant.id()).append(" waits for ");
        for (Line line : lines) {
            words.append(line.equals(lines.get(0)) ? "" : ", and for ").append(line.lock());
            if (line.delayMs() > 0) {
                words.append(", which is closed for ").append(line.delayMs()).append(" ms since a session expired");
            }
            if (!line.behind().isEmpty()) {
                Other first = line.behind().get(0);
                words.append(first.heldMs() == null ? ", behind " : ", which is held by ")
                        .append(first.grant());
                int more = line.behind().size() - 1;
                words.append(more == 0 ? "" : " and " + more + " more stand before it");
            }
        }
        return words.append("; at most ")
                .append(grant.waitMs())
                .append(" ms in all")
                .toString();
    }
}
