package io.holdfast.guard.page;

import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.jdbc.Database;
import io.holdfast.guard.jdbc.Dialect;
import io.holdfast.guard.jdbc.FenceTable;
import java.sql.Connection;
import java.sql.SQLException;

/** The code of the page for databases. */
final class AccountTable {

    private final Database database;
    private final FenceTable fence;

    AccountTable(Database database) throws SQLException {
        this.database = database;
        try (var connection = database.begin()) {
            fence = new FenceTable(Dialect.of(connection));
        }
    }

    void add(String id, long amount, long token) throws SQLException {
        try (var connection = database.begin()) { // a connection with autocommit off
            fence.admit(connection, "accounts/" + id, token); // first: waits for the row, or StaleTokenException
            long balance = balance(connection, id); // then read
            write(connection, id, balance + amount); // and write
            connection.commit();
        }
    }

    void writeOwnRow(String id, long balance, long token) throws SQLException {
        try (var connection = database.begin();
                var update = connection.prepareStatement(
                        "UPDATE account SET balance = ?, fence = ? WHERE id = ? AND fence <= ?")) {
            update.setLong(1, balance);
            update.setLong(2, token);
            update.setString(3, id);
            update.setLong(4, token);
            if (update.executeUpdate() == 0) {
                throw new StaleTokenException("accounts/" + id, token, "a higher one wrote, or there is no account");
            }
            connection.commit();
        }
    }

    FenceTable fence() {
        return fence;
    }

    void create(String id, long balance) throws SQLException {
        database.execute("INSERT INTO account (id, balance, fence) VALUES ('" + id + "', " + balance + ", 0)");
    }

    long balance(String id) throws SQLException {
        try (var connection = database.begin()) {
            return balance(connection, id);
        }
    }

    long balance(Connection connection, String id) throws SQLException {
        return Database.number(connection, "SELECT balance FROM account WHERE id = '" + id + "'");
    }

    void write(Connection connection, String id, long balance) throws SQLException {
        try (var update = connection.prepareStatement("UPDATE account SET balance = ? WHERE id = ?")) {
            update.setLong(1, balance);
            update.setString(2, id);
            if (update.executeUpdate() != 1) {
                throw new SQLException("no account " + id);
            }
        }
    }
}
