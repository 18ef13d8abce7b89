package io.holdfast.guard.jdbc;

import io.holdfast.guard.Waiting;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Set;

/**
 * A database of these tests, which runs until the JVM ends.
 *
 * @param waiting query whose one number is how many transactions wait for a row
 */
public record Database(String url, Dialect dialect, String waiting) {

    /** Deadlocks and serialization failures, by SQLState: those that a whole transaction is run again after. */
    private static final Set<String> AGAIN = Set.of("40001", "40P01");

    /** Returns a connection in a transaction. */
    public Connection begin() throws SQLException {
        var connection = DriverManager.getConnection(url);
        connection.setAutoCommit(false);
        return connection;
    }

    /** Runs a statement in a transaction of its own. */
    public void execute(String sql) throws SQLException {
        try (var connection = begin();
                var statement = connection.createStatement()) {
            statement.execute(sql);
            connection.commit();
        }
    }

    /** Returns the one number of a query. */
    public long number(String sql) throws SQLException {
        try (var connection = begin()) {
            return number(connection, sql);
        }
    }

    /** Returns the one number of a query in a transaction that goes on. */
    public static long number(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            if (!result.next()) {
                throw new SQLException("no row: " + sql);
            }
            return result.getLong(1);
        }
    }

    /** Returns when so many transactions wait for a row. */
    public void untilWaiting(int transactions) throws Exception {
        try (var connection = DriverManager.getConnection(url)) {
            Waiting.until(transactions + " transactions wait", () -> number(connection, waiting) >= transactions);
        }
    }

    /** Whether a transaction that ended so is to be run again. */
    public static boolean isAgain(SQLException exception) {
        return AGAIN.contains(exception.getSQLState());
    }
}
