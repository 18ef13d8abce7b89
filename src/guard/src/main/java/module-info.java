/**
 * Fencing at the resource: in memory, at REST resources, and inside transactions. What is optional is needed only where
 * it is used.
 */
module io.holdfast.guard {
    requires static transitive jakarta.ws.rs;
    requires static transitive java.sql;
    requires static transitive org.jspecify;

    exports io.holdfast.guard;
    exports io.holdfast.guard.jdbc;
    exports io.holdfast.guard.rest;
}
