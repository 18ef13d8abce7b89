package io.holdfast.server.caller;

/** Keys cannot be had; the message says from where and why, for operators. */
final class KeysUnavailable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    KeysUnavailable(String message) {
        super(message, null, false, false);
    }
}
