package io.holdfast.overlap.worker;

import java.io.IOException;

/** Does what {@link JavaWorker} does and never looks at its lease: what it does wrong, the checks must find. */
public final class UncheckedWorker {

    private UncheckedWorker() {}

    /** Runs until it is killed. */
    public static void main(String... arguments) throws IOException, InterruptedException {
        JavaWorker.run(WorkerSettings.read(arguments), lease -> true);
    }
}
