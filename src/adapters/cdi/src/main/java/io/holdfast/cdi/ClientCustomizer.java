package io.holdfast.cdi;

import io.holdfast.client.ClientBuilder;

/**
 * A bean that changes how the injected client is built, after the settings: an observer, an executor, credentials from
 * elsewhere. All beans of this type are asked, once.
 */
@FunctionalInterface
public interface ClientCustomizer {

    /** Sets what settings cannot say. */
    void customize(ClientBuilder builder);
}
