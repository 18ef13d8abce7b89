package io.holdfast.operator.act;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.policy.v1.EvictionBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.operator.look.LiveObjects;
import io.holdfast.operator.look.Texts;
import io.holdfast.operator.plan.Look;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Writes to the API server. Each has a precondition: that the object does not exist, or is of the uid and the version
 * that were seen. What the API server refuses because of it is {@code STALE}; what it will always refuse is
 * {@code BLOCKED}; what it failed to do, and says so, is {@code WAIT}; that it does not answer is thrown, as
 * {@link KubernetesClientException}. Any thread.
 */
public final class Writes {

    /** Under which the API server records the fields that the operator sets. */
    public static final String MANAGER = "holdfast-operator";

    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int INVALID = 422;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FAILED = 500;

    private final KubernetesClient client;
    private final LiveObjects live;

    /** Creates them. */
    public Writes(KubernetesClient client, LiveObjects live) {
        this.client = client;
        this.live = live;
    }

    /**
     * Creates an object; one of that name that is there already is left as it is.
     *
     * @param ours whether an object of that name is the one that this would have created
     */
    public <T extends HasMetadata> Outcome create(T object, Predicate<? super T> ours) {
        try {
            client.raw(paths(object) + "?fieldManager=" + MANAGER, "POST", object);
            return Outcome.DONE;
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                return refused(e, name(object));
            }
        }
        return present(object)
                .map(present -> ours.test(present)
                        ? Outcome.NOTHING
                        : Outcome.blocked(name(object) + " exists and is not this cluster's: rename or delete it"))
                .orElseGet(() -> Outcome.stale(name(object) + " vanished"));
    }

    /** Applies an object, and takes from others the fields that it has. Only for objects that are ours or new. */
    public <T extends HasMetadata> Outcome apply(T object) {
        try {
            client.resource(object).fieldManager(MANAGER).forceConflicts().serverSideApply();
            return Outcome.DONE;
        } catch (KubernetesClientException e) {
            return refused(e, name(object));
        }
    }

    /** Patches an object that still is of the version with which the patch begins. */
    public Outcome patch(Class<? extends HasMetadata> kind, String namespace, Look.Version seen, JsonPatch patch) {
        try {
            client.resources(kind).inNamespace(namespace).withName(seen.name()).patch(context(), patch.text());
            return Outcome.DONE;
        } catch (KubernetesClientException e) {
            return patchRefused(e, kind, namespace, seen);
        }
    }

    /** Patches the status of an object that still is of the version with which the patch begins. */
    public <T extends HasMetadata> Status<T> patchStatus(
            Class<T> kind, String namespace, Look.Version seen, JsonPatch patch) {
        try {
            T written = client.resources(kind)
                    .inNamespace(namespace)
                    .withName(seen.name())
                    .subresource("status")
                    .patch(context(), patch.text());
            return new Status<>(Outcome.DONE, Optional.of(written));
        } catch (KubernetesClientException e) {
            return new Status<>(patchRefused(e, kind, namespace, seen), Optional.empty());
        }
    }

    /**
     * What became of a write to a status.
     *
     * @param outcome of the write
     * @param written the object, when it was done
     */
    public record Status<T>(Outcome outcome, Optional<T> written) {}

    /** Deletes an object that still is of this uid and version. One that is gone is gone. */
    public Outcome delete(Class<? extends HasMetadata> kind, String namespace, Look.Version seen) {
        return delete(paths(kind, namespace), HasMetadata.getKind(kind), seen);
    }

    /**
     * Deletes an object of a kind that has no class here.
     *
     * @param collection path of the objects of its kind in its namespace
     * @param kind for people
     */
    public Outcome delete(String collection, String kind, Look.Version seen) {
        DeleteOptions options = new DeleteOptionsBuilder()
                .withNewPreconditions()
                .withUid(seen.uid())
                .withResourceVersion(seen.resourceVersion())
                .endPreconditions()
                .withPropagationPolicy("Background")
                .build();
        options.setApiVersion("v1");
        try {
            client.raw(collection + "/" + seen.name(), "DELETE", options);
            return Outcome.DONE;
        } catch (KubernetesClientException e) {
            return e.getCode() == NOT_FOUND ? Outcome.NOTHING : refused(e, kind + " " + seen.name());
        }
    }

    /** Evicts a pod that still is of this uid. A refusal of the disruption budget is a wait. */
    public Outcome evict(String namespace, Look.Version pod) {
        var eviction = new EvictionBuilder()
                .withNewMetadata()
                .withName(pod.name())
                .withNamespace(namespace)
                .endMetadata()
                .withDeleteOptions(new DeleteOptionsBuilder()
                        .withNewPreconditions()
                        .withUid(pod.uid())
                        .endPreconditions()
                        .build())
                .build();
        try {
            client.raw("/api/v1/namespaces/" + namespace + "/pods/" + pod.name() + "/eviction", "POST", eviction);
            return Outcome.DONE;
        } catch (KubernetesClientException e) {
            return switch (e.getCode()) {
                case NOT_FOUND -> Outcome.NOTHING;
                case TOO_MANY_REQUESTS ->
                    Outcome.waits("the disruption budget does not allow the eviction of pod " + pod.name() + " now: "
                            + Texts.line(e));
                default -> refused(e, "Pod " + pod.name());
            };
        }
    }

    private static PatchContext context() {
        return new PatchContext.Builder()
                .withPatchType(PatchType.JSON)
                .withFieldManager(MANAGER)
                .build();
    }

    private <T extends HasMetadata> Optional<T> present(T object) {
        @SuppressWarnings("unchecked")
        Class<T> kind = (Class<T>) object.getClass();
        return live.get(
                kind, object.getMetadata().getNamespace(), object.getMetadata().getName());
    }

    /** A test that fails and an object that would be invalid are the same status: only the object tells them apart. */
    private Outcome patchRefused(
            KubernetesClientException e, Class<? extends HasMetadata> kind, String namespace, Look.Version seen) {
        String what = HasMetadata.getKind(kind) + " " + seen.name();
        if (e.getCode() == INVALID) {
            boolean same = live.get(kind, namespace, seen.name())
                    .map(HasMetadata::getMetadata)
                    .filter(meta -> Objects.equals(meta.getUid(), seen.uid())
                            && Objects.equals(meta.getResourceVersion(), seen.resourceVersion()))
                    .isPresent();
            return same ? refused(e, what) : Outcome.stale(what + " has changed since it was looked at");
        }
        return e.getCode() == NOT_FOUND ? Outcome.stale(what + " is gone") : refused(e, what);
    }

    private static Outcome refused(KubernetesClientException e, String what) {
        return switch (e.getCode()) {
            case CONFLICT -> Outcome.stale(what + " has changed since it was looked at");
            case FORBIDDEN, INVALID, 400 -> Outcome.blocked("the API server refuses " + what + ": " + Texts.line(e));
            // A webhook that does not answer, two budgets for one pod, too many requests of all.
            case TOO_MANY_REQUESTS, FAILED ->
                Outcome.waits("the API server does not take " + what + " now: " + Texts.line(e));
            default -> throw e;
        };
    }

    private static String name(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    private static String paths(HasMetadata object) {
        return paths(object.getClass(), object.getMetadata().getNamespace());
    }

    private static String paths(Class<? extends HasMetadata> kind, String namespace) {
        String group = HasMetadata.getGroup(kind);
        String root = group == null || group.isEmpty() ? "/api/" : "/apis/" + group + "/";
        return root + HasMetadata.getVersion(kind) + "/namespaces/" + namespace + "/" + HasMetadata.getPlural(kind);
    }
}
