package io.holdfast.sidecar.settings;

import java.io.Serial;

/** A setting that cannot be used; the message names the variable and says what to do. */
public final class BadSettingException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1;

    /** Creates one for a variable. */
    public BadSettingException(String variable, String what) {
        super(variable + ": " + what);
    }
}
