package io.holdfast.operator.paper.control;

import io.fabric8.kubernetes.api.model.Pod;
import io.holdfast.operator.paper.api.Access;
import io.holdfast.operator.paper.api.Access.Reference;

/** A claim that was deleted stays until no pod on a node uses it. */
final class ClaimProtection implements Controllers.Controller {

    private static final String FINALIZER = "kubernetes.io/pvc-protection";

    @Override
    public void reconcile(Access access) {
        var pods = access.list(Pod.class);
        access.all().stream()
                .filter(each -> each.resource().equals("persistentvolumeclaims"))
                .filter(each -> each.deleted() && each.finalizers().contains(FINALIZER))
                .filter(claim -> pods.stream().noneMatch(pod -> uses(pod, claim)))
                .forEach(claim -> access.finish(claim, FINALIZER));
    }

    private static boolean uses(Pod pod, Reference claim) {
        return pod.getMetadata().getNamespace().equals(claim.namespace())
                && pod.getSpec().getNodeName() != null
                && pod.getSpec().getVolumes().stream()
                        .anyMatch(volume -> volume.getPersistentVolumeClaim() != null
                                && volume.getPersistentVolumeClaim()
                                        .getClaimName()
                                        .equals(claim.name()));
    }
}
