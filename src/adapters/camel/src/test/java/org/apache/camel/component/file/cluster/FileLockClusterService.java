package org.apache.camel.component.file.cluster;

import io.holdfast.camel.HoldfastClusterService;
import io.holdfast.client.internal.ModelEnsemble;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Stands for Camel's cluster service on files in Camel's own tests of it: the same name and setters, on elections. */
public final class FileLockClusterService extends HoldfastClusterService {

    private static final ModelEnsemble ENSEMBLE = new ModelEnsemble();

    public FileLockClusterService() {
        setClient(ENSEMBLE.client(Duration.ofSeconds(30)));
    }

    /** Each test has a directory, so here a namespace, of its own. */
    public void setRoot(String path) {
        setLockPrefix("camel/" + Integer.toHexString(path.hashCode()) + "/");
    }

    /** An election needs none: it is told. */
    public void setAcquireLockDelay(long time, TimeUnit unit) {}

    /** An election needs none: it is told. */
    public void setAcquireLockInterval(long time, TimeUnit unit) {}
}
