package io.holdfast.zab.core.stage;

import io.holdfast.zab.core.RequestFailure;
import io.holdfast.zab.core.Zxid;

/** Takes the leader's answers to what went {@link Upstream}. */
public interface Answers {

    /** The request was not proposed and will not be. */
    void refused(long requestId, RequestFailure reason);

    /** A quorum round confirmed the leader after the question arrived; {@code index} was committed when it arrived. */
    void confirmed(long attempt, Zxid index);
}
