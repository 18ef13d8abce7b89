package io.holdfast.operator.look;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.client.KubernetesClientException;
import org.jspecify.annotations.Nullable;

/** Texts of others as they may be repeated: one line, of a bounded length. */
public final class Texts {

    /** Characters of a text at most. */
    public static final int CHARS_MAX = 512;

    private Texts() {}

    /** Returns a text as one line of at most {@link #CHARS_MAX} characters. */
    public static String line(@Nullable String text) {
        if (text == null) {
            return "";
        }
        String cut = text.length() <= 4 * CHARS_MAX ? text : text.substring(0, 4 * CHARS_MAX);
        String line = cut.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        if (line.length() <= CHARS_MAX && cut.length() == text.length()) {
            return line;
        }
        int end = Math.min(line.length(), CHARS_MAX - 1);
        boolean half = end > 0 && Character.isHighSurrogate(line.charAt(end - 1));
        return line.substring(0, half ? end - 1 : end) + "…";
    }

    /** Returns what an exception says, or the API server in it, as one line; its kind when it says nothing. */
    public static String line(Throwable failure) {
        Status answer = failure instanceof KubernetesClientException refused ? refused.getStatus() : null;
        String message = answer == null || answer.getMessage() == null ? failure.getMessage() : answer.getMessage();
        return message == null || message.isBlank() ? failure.getClass().getSimpleName() : line(message);
    }
}
