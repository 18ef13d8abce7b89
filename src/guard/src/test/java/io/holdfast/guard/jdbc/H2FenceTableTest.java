package io.holdfast.guard.jdbc;

/** The fence in H2: the dialect of databases that have no statement of their own for it. */
class H2FenceTableTest extends FenceTableContract {

    @Override
    Database database() throws Exception {
        return Databases.h2();
    }
}
