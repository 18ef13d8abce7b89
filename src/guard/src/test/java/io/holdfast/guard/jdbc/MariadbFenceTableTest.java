package io.holdfast.guard.jdbc;

/** The fence in MariaDB, whose driver counts the rows that a statement found. */
class MariadbFenceTableTest extends FenceTableContract {

    @Override
    Database database() throws Exception {
        return Databases.mariadb();
    }
}
