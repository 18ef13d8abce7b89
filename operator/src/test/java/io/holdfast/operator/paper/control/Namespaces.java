package io.holdfast.operator.paper.control;

import io.holdfast.operator.paper.api.Access;
import io.holdfast.operator.paper.api.Access.Reference;
import java.util.List;

/** Deletes all that is in a namespace that was deleted, and then the namespace. */
final class Namespaces implements Controllers.Controller {

    private static final String FINALIZER = "paper/content";

    @Override
    public void reconcile(Access access) {
        var all = access.all();
        all.stream()
                .filter(each -> each.resource().equals("namespaces"))
                .filter(each -> each.deleted() && each.finalizers().contains(FINALIZER))
                .forEach(namespace -> empty(access, namespace, all));
    }

    private static void empty(Access access, Reference namespace, List<Reference> all) {
        var inside = all.stream()
                .filter(each -> each.namespace().equals(namespace.name()))
                .toList();
        inside.stream().filter(each -> !each.deleted()).forEach(access::delete);
        if (inside.isEmpty()) {
            access.finish(namespace, FINALIZER);
        }
    }
}
