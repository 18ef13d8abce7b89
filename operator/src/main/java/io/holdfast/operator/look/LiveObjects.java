package io.holdfast.operator.look;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResourceList;
import io.fabric8.kubernetes.api.model.ListOptions;
import io.fabric8.kubernetes.api.model.ListOptionsBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Objects as the API server has them now: every call is a request, and nothing is kept. Lists are read page by page, up
 * to a bound. Any thread.
 */
public final class LiveObjects {

    private final KubernetesClient client;
    private final List<String> namespaces;
    private final int page;
    private final int objectsMax;

    /**
     * Creates them.
     *
     * @param page objects in one answer
     * @param objectsMax objects in one list at most
     */
    public LiveObjects(KubernetesClient client, int page, int objectsMax) {
        this(client, List.of(), page, objectsMax);
    }

    /**
     * Creates them.
     *
     * @param namespaces that the operator manages; empty for all
     * @param page objects in one answer
     * @param objectsMax objects in one list at most
     */
    public LiveObjects(KubernetesClient client, List<String> namespaces, int page, int objectsMax) {
        this.client = client;
        this.namespaces = List.copyOf(namespaces);
        this.page = page;
        this.objectsMax = objectsMax;
    }

    /** Returns one object, if it exists. */
    public <T extends HasMetadata> Optional<T> get(Class<T> kind, String namespace, String name) {
        return Optional.ofNullable(
                client.resources(kind).inNamespace(namespace).withName(name).get());
    }

    /**
     * Returns all objects of a kind in a namespace that have these labels.
     *
     * @throws TooManyObjectsException when there are more than the bound
     */
    public <T extends HasMetadata> List<T> list(Class<T> kind, String namespace, Map<String, String> labels) {
        var selected = client.resources(kind).inNamespace(namespace).withLabels(labels);
        return pages(kind, namespace, options -> selected.list(options));
    }

    /**
     * Returns all objects of a kind that have these labels, in every namespace that the operator manages.
     *
     * @throws TooManyObjectsException when there are more than the bound in one list
     */
    public <T extends HasMetadata> List<T> listManaged(Class<T> kind, Map<String, String> labels) {
        if (namespaces.isEmpty()) {
            var selected = client.resources(kind).inAnyNamespace().withLabels(labels);
            return pages(kind, "all namespaces", options -> selected.list(options));
        }
        return namespaces.stream()
                .flatMap(namespace -> list(kind, namespace, labels).stream())
                .toList();
    }

    /** One page of a list. */
    @FunctionalInterface
    private interface Pages<T extends HasMetadata> {
        KubernetesResourceList<T> read(ListOptions options);
    }

    private <T extends HasMetadata> List<T> pages(Class<T> kind, String where, Pages<T> pages) {
        List<T> all = new ArrayList<>();
        String next = null;
        do {
            ListOptions options = new ListOptionsBuilder()
                    .withLimit((long) page)
                    .withContinue(next)
                    .build();
            KubernetesResourceList<T> some = pages.read(options);
            all.addAll(some.getItems());
            if (all.size() > objectsMax) {
                throw new TooManyObjectsException(HasMetadata.getPlural(kind), where, objectsMax);
            }
            next = some.getMetadata() == null ? null : some.getMetadata().getContinue();
        } while (next != null && !next.isEmpty());
        return all;
    }

    /** A list is longer than what is read of one. */
    public static final class TooManyObjectsException extends RuntimeException {

        private static final long serialVersionUID = 1;

        TooManyObjectsException(String kind, String where, int objectsMax) {
            super("more than " + objectsMax + " " + kind + " in " + where
                    + ": delete some, or raise holdfast.operator.look.objects-max");
        }
    }
}
