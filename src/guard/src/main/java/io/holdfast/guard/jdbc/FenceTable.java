package io.holdfast.guard.jdbc;

import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.Tokens;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Keeps late writes out of a database: the highest fencing token of each resource is a row of a table, and the first
 * statement of a transaction compares its own with it.
 *
 * <p>The row stays locked until the transaction ends. A transaction with a lower token waits for that and is then
 * refused; one with a higher token waits and then sees what was written before. All of it is in the caller's
 * transaction: a rollback takes the token back too.
 *
 * <p>Fence first, then read: what a transaction read before may be what the earlier holder then changed. A transaction
 * that writes several resources fences them in the order of their names, or two may wait for each other.
 *
 * <p>Immutable, and safe for use by many threads with a connection each.
 */
public final class FenceTable {

    /** Name of the table unless another is given. */
    public static final String NAME = "holdfast_fence";

    private final Dialect dialect;
    private final String table;
    private final String raise;

    /** Creates a fence in the table {@value #NAME} of the connection's schema. */
    public FenceTable(Dialect dialect) {
        this(dialect, NAME);
    }

    /**
     * Creates a fence in a table of another name or schema.
     *
     * @param table letters, digits and underscores, after a schema and a dot or not
     */
    public FenceTable(Dialect dialect, String table) {
        if (!table.matches("(?:[A-Za-z_]\\w*\\.)?[A-Za-z_]\\w*")) {
            throw new IllegalArgumentException("not the name of a table: " + table);
        }
        this.dialect = dialect;
        this.table = table;
        this.raise = "UPDATE " + table + " SET token = ?, writes = writes + 1 WHERE resource = ? AND token <= ?";
    }

    /** Returns the statement that creates the table, for a migration: nothing here runs it. */
    public String createTable() {
        return dialect.createTable(table);
    }

    /**
     * Admits the rest of a transaction to a resource, or refuses it. Blocks while another transaction that fenced the
     * resource is under way, for as long as the database lets a statement wait for a row.
     *
     * @param connection in a transaction that has done nothing yet; nothing is committed, rolled back or closed
     * @param resource name of what the transaction writes
     * @param token fencing token of the grant that it works under
     * @throws StaleTokenException if a higher token was committed; roll back
     * @throws IllegalStateException if the connection commits by itself: the lock on the row would end at once
     * @throws IllegalArgumentException if the name or the token is not one, see {@link Tokens#check}
     * @throws SQLException as the database says; deadlocks, timeouts and serialization failures are the caller's, which
     *     rolls back and runs the whole transaction again
     */
    public void admit(Connection connection, String resource, long token) throws SQLException {
        Tokens.check(resource, token);
        if (connection.getAutoCommit()) {
            throw new IllegalStateException(
                    "the connection commits after each statement: a fence holds only inside a transaction");
        }
        boolean admitted = switch (dialect) {
            case POSTGRESQL -> upsert(connection, resource, token);
            case MYSQL -> lockThenRaise(connection, resource, token);
            case ORACLE, STANDARD -> raiseOrInsert(connection, resource, token);
        };
        if (!admitted) {
            throw new StaleTokenException(resource, token, "the database has seen a higher one");
        }
    }

    private boolean upsert(Connection connection, String resource, long token) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO " + table
                + " AS f (resource, token, writes) VALUES (?, ?, 1) ON CONFLICT (resource) DO UPDATE"
                + " SET token = EXCLUDED.token, writes = f.writes + 1 WHERE f.token <= EXCLUDED.token")) {
            statement.setString(1, resource);
            statement.setLong(2, token);
            return statement.executeUpdate() == 1;
        }
    }

    /** The row is locked first: an UPDATE that finds none locks the gap, and two of these wait for each other. */
    private boolean lockThenRaise(Connection connection, String resource, long token) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO " + table
                + " (resource, token, writes) VALUES (?, 0, 0) ON DUPLICATE KEY UPDATE writes = writes + 1")) {
            statement.setString(1, resource);
            statement.executeUpdate();
        }
        return raise(connection, resource, token);
    }

    /** No MERGE: two first ones at once collide in it. */
    private boolean raiseOrInsert(Connection connection, String resource, long token) throws SQLException {
        if (raise(connection, resource, token)) {
            return true;
        }
        try (var statement =
                connection.prepareStatement("INSERT INTO " + table + " (resource, token, writes) VALUES (?, ?, 1)")) {
            statement.setString(1, resource);
            statement.setLong(2, token);
            statement.executeUpdate();
            return true;
        } catch (SQLException exception) {
            if (!isDuplicate(exception)) {
                throw exception;
            }
            return raise(connection, resource, token);
        }
    }

    /** Changes {@code writes} always, so that 1 means admitted whether a driver counts rows found or rows changed. */
    private boolean raise(Connection connection, String resource, long token) throws SQLException {
        try (var statement = connection.prepareStatement(raise)) {
            statement.setLong(1, token);
            statement.setString(2, resource);
            statement.setLong(3, token);
            return statement.executeUpdate() == 1;
        }
    }

    private static boolean isDuplicate(SQLException exception) {
        String state = exception.getSQLState();
        return state != null && state.startsWith("23");
    }
}
