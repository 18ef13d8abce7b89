package io.holdfast.sidecar.hook;

import java.time.Duration;

/** Something that is called at a beginning or an end of leadership. */
public interface Hook {

    /**
     * What happened.
     *
     * @param event {@code elected} or {@code stop}
     * @param lock name of the election
     * @param candidate own id
     * @param token fencing token
     * @param withinMs with {@code stop}: how long the application has to stop
     */
    record Occasion(String event, String lock, String candidate, long token, long withinMs) {}

    /** What became of a call. */
    enum Result {
        /** The application has done what it was called for. */
        DONE,
        /** It was told, and nothing says whether it has done it. */
        TOLD,
        /** It was not reached, or said no. */
        FAILED
    }

    /**
     * Calls once, and waits for that long at most.
     *
     * @throws InterruptedException after what it began was ended
     */
    Result call(Occasion occasion, Duration within) throws InterruptedException;

    /**
     * Takes the setting apart: {@code http://…}, {@code exec:COMMAND [ARG…]} or {@code signal:NAME:PROCESS}.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    static Hook parse(String text) {
        if (text.startsWith("http://") || text.startsWith("https://")) {
            return HttpHook.parse(text);
        }
        if (text.startsWith("exec:")) {
            return ExecHook.parse(text.substring("exec:".length()));
        }
        if (text.startsWith("signal:")) {
            return SignalHook.parse(text.substring("signal:".length()));
        }
        throw new IllegalArgumentException(
                "a hook is http://…, exec:COMMAND [ARG…] or signal:TERM:PROCESS, not '" + text + "'");
    }
}
