package io.holdfast.operator.paper.api;

import io.fabric8.kubernetes.api.model.Quantity;

/** Kubernetes' way to write bytes. */
final class Quantities {

    private Quantities() {}

    /** 0 for an empty text. */
    static long bytes(String text) {
        return text.isEmpty()
                ? 0
                : Quantity.getAmountInBytes(Quantity.parse(text)).longValue();
    }
}
