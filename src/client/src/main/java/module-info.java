/** The Java client of Holdfast. */
module io.holdfast.client {
    requires java.net.http;
    requires transitive io.holdfast.api;
    requires static micrometer.core;
    requires static transitive org.jspecify;

    exports io.holdfast.client;
    exports io.holdfast.client.spi;
}
