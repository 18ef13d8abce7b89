package io.holdfast.guard.jdbc;

/** The fence in MariaDB, when its driver counts the rows that a statement changed. */
class MariadbAffectedRowsTest extends FenceTableContract {

    @Override
    Database database() throws Exception {
        var found = Databases.mariadb();
        return new Database(found.url() + "&useAffectedRows=true", found.dialect(), found.waiting());
    }
}
