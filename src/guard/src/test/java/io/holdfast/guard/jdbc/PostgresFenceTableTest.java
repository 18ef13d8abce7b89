package io.holdfast.guard.jdbc;

/** The fence in PostgreSQL. */
class PostgresFenceTableTest extends FenceTableContract {

    @Override
    Database database() throws Exception {
        return Databases.postgres();
    }
}
