package io.holdfast.sidecar.kubernetes;

import java.io.IOException;

/** One thing in the cluster that is kept as the leadership demands. */
interface Upkeep {

    /** What became of an attempt. */
    enum Step {
        /** It is as it should be. */
        DONE,
        /** Something else changed it at the same time: at once again. */
        CONFLICT,
        /** It may succeed soon. */
        RETRY,
        /** It succeeds only after a person changed something. */
        REFUSED,
        /** It is not this pod's any more. */
        OVER
    }

    /**
     * What an attempt came to.
     *
     * @param step what follows
     * @param words for people, with what to do; empty when done
     * @param afterMillis before the next attempt at least
     */
    record Outcome(Step step, String words, long afterMillis) {
        static final Outcome DONE = new Outcome(Step.DONE, "", 0);
    }

    /** For people: what it is. */
    String name();

    /** Makes it what it should be now; an {@link IOException} counts as {@link Step#RETRY}. */
    Outcome attempt() throws IOException, InterruptedException;

    /**
     * What an answer that is no success means.
     *
     * @param what was asked, for people
     * @param missing what to do when the object does not exist
     */
    static Outcome failure(KubernetesAnswer answer, String what, String missing) {
        String said = answer.message().isEmpty() ? "" : " (" + answer.message() + ")";
        return switch (answer.status()) {
            case 401 -> new Outcome(Step.RETRY, what + ": 401, the service account's token is refused" + said, 0);
            case 403 ->
                new Outcome(Step.REFUSED, what + ": 403, the service account may not; apply k8s/sidecar" + said, 0);
            case 404 -> new Outcome(Step.REFUSED, what + ": 404, " + missing, 0);
            case 400, 405, 415, 422 -> new Outcome(Step.REFUSED, what + ": " + answer.status() + ", refused" + said, 0);
            default -> new Outcome(Step.RETRY, what + ": " + answer.status() + said, answer.retryAfterMillis());
        };
    }
}
