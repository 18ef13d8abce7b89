/** The JSON of the REST API as records, with what else its clients and its server must agree on. */
module io.holdfast.api {
    requires static transitive java.net.http;
    requires transitive com.fasterxml.jackson.core;
    requires static transitive org.jspecify;

    exports io.holdfast.api;
}
