package io.holdfast.guard.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

/** Databases by the statements that lock a fence's row and compare its token in one step. */
public enum Dialect {
    /** PostgreSQL and databases that speak its protocol and dialect: one {@code INSERT … ON CONFLICT}. */
    POSTGRESQL("varchar(512)", "bigint", ""),
    /** MySQL and MariaDB: {@code INSERT … ON DUPLICATE KEY UPDATE} locks the row, {@code UPDATE} compares. */
    MYSQL("varchar(512)", "bigint", " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"),
    /** Oracle: as {@link #STANDARD}, with names of types of its own. */
    ORACLE("varchar2(512 char)", "number(19)", ""),
    /**
     * H2 and any other: {@code UPDATE}, {@code INSERT} if there is no row, {@code UPDATE} again if there is by then.
     */
    STANDARD("varchar(512)", "bigint", "");

    private final String name;
    private final String number;
    private final String options;

    Dialect(String name, String number, String options) {
        this.name = name;
        this.number = number;
        this.options = options;
    }

    /** Returns the dialect of a connection, as its driver names the database. */
    public static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        if (product.contains("postgresql")) {
            return POSTGRESQL;
        }
        if (product.contains("mysql") || product.contains("mariadb")) {
            return MYSQL;
        }
        return product.contains("oracle") ? ORACLE : STANDARD;
    }

    String createTable(String table) {
        return "CREATE TABLE " + table + " (resource " + name + options + " NOT NULL PRIMARY KEY, token " + number
                + " NOT NULL, writes " + number + " NOT NULL)";
    }
}
