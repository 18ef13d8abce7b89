package io.holdfast.operator.status;

/**
 * One condition, before it is known whether it is new.
 *
 * @param type of the condition
 * @param holds whether it is True
 * @param reason one word
 * @param message for people
 */
record Finding(String type, boolean holds, String reason, String message) {

    static final String QUORATE = "Quorate";
    static final String AVAILABLE = "Available";
    static final String PROGRESSING = "Progressing";
    static final String DEGRADED = "Degraded";
}
