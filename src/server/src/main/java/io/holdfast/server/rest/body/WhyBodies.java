package io.holdfast.server.rest.body;

import io.holdfast.api.CycleStep;
import io.holdfast.api.WhyBody;
import io.holdfast.api.WhyBody.Line;
import io.holdfast.api.WhyBody.Other;
import io.holdfast.lock.Revision;
import io.holdfast.lock.WaitsFor;
import io.holdfast.server.replica.GrantView;
import io.holdfast.server.replica.WhyView;
import java.util.List;
import java.util.stream.Stream;

/** Why a ticket waits, as the API tells it. */
public final class WhyBodies {

    private WhyBodies() {}

    public static WhyBody of(WhyView why) {
        List<Line> lines = why.lines().stream()
                .map(line -> new Line(
                        line.lock(),
                        line.position(),
                        line.delayMs(),
                        Stream.concat(line.holders().stream(), line.ahead().stream())
                                .map(WhyBodies::other)
                                .toList()))
                .toList();
        return new WhyBody(
                GrantBodies.of(why.grant()),
                words(why.grant(), lines),
                why.grant().waitedMs(),
                why.grant().waitMs(),
                lines,
                !why.cycle().isEmpty(),
                cycle(why.cycle()),
                why.searched() ? "complete" : "not searched");
    }

    public static List<CycleStep> cycle(List<WaitsFor> cycle) {
        return cycle.stream()
                .map(step ->
                        new CycleStep(Revision.text(step.session()), step.sessionName(), step.grant(), step.lock()))
                .toList();
    }

    private static Other other(GrantView view) {
        boolean granted = view.state() == GrantView.State.GRANTED;
        return new Other(
                view.id(),
                view.session(),
                view.sessionName(),
                GrantBodies.state(view),
                granted ? view.heldMs() : null,
                view.waitedMs());
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
