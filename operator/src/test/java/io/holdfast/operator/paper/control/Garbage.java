package io.holdfast.operator.paper.control;

import io.holdfast.operator.paper.api.Access;
import io.holdfast.operator.paper.api.Access.Reference;
import java.util.List;
import java.util.stream.Collectors;

/** Deletes what belonged to owners that are gone, and ends deletions that wait for that. */
final class Garbage implements Controllers.Controller {

    private static final String FOREGROUND = "foregroundDeletion";
    private static final String ORPHAN = "orphan";

    @Override
    public void reconcile(Access access) {
        var all = access.all();
        var there = all.stream().map(Reference::uid).collect(Collectors.toSet());
        var going = all.stream()
                .filter(each -> each.deleted() && each.finalizers().contains(FOREGROUND))
                .map(Reference::uid)
                .collect(Collectors.toSet());
        for (var each : all) {
            var unowned = !each.owners().isEmpty()
                    && each.owners().stream().noneMatch(owner -> there.contains(owner) && !going.contains(owner));
            if (unowned && !each.deleted()) {
                access.delete(each);
            }
            if (each.deleted()) {
                finish(access, each, dependents(all, each));
            }
        }
    }

    private static List<Reference> dependents(List<Reference> all, Reference owner) {
        return all.stream().filter(each -> each.owners().contains(owner.uid())).toList();
    }

    private static void finish(Access access, Reference owner, List<Reference> dependents) {
        if (owner.finalizers().contains(ORPHAN)) {
            dependents.forEach(each -> access.orphan(each, owner.uid()));
            access.finish(owner, ORPHAN);
        } else if (owner.finalizers().contains(FOREGROUND) && dependents.isEmpty()) {
            access.finish(owner, FOREGROUND);
        }
    }
}
