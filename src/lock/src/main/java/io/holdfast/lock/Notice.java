package io.holdfast.lock;

import org.jspecify.annotations.Nullable;

/** What a holder is told; hardly any grant has one. */
record Notice(@Nullable Yield yield, @Nullable Breaking breaking) {

    static final Notice NONE = new Notice(null, null);
}
