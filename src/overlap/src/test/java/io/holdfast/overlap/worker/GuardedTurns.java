package io.holdfast.overlap.worker;

import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.jdbc.Dialect;
import io.holdfast.guard.jdbc.FenceTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Does beside a worker's turns the same in a database, in transactions that a fence admits. On a thread of its own: a
 * database that cannot be reached does not hold up the turns.
 */
final class GuardedTurns {

    private static final long PAUSE_NANOS = 50_000_000;

    private final WorkerSettings settings;
    private final Signals signals;
    private final FenceTable fence = new FenceTable(Dialect.STANDARD);
    private volatile @Nullable Tenure tenure;

    private record Tenure(long token, BooleanSupplier mayWrite) {}

    /** Starts the thread if there is a database. */
    GuardedTurns(WorkerSettings settings) {
        this.settings = settings;
        this.signals = settings.signalFiles();
        if (!settings.database().isEmpty()) {
            var thread = new Thread(this::run, "guarded");
            thread.setDaemon(true);
            thread.start();
        }
    }

    /** Works under this token from now on. */
    void begin(long token, BooleanSupplier mayWrite) {
        tenure = new Tenure(token, mayWrite);
    }

    /** Begins no other transaction. */
    void end() {
        tenure = null;
    }

    private void run() {
        while (true) {
            try (var connection = DriverManager.getConnection(settings.database(), "sa", "")) {
                connection.setAutoCommit(false);
                write(connection);
            } catch (SQLException e) {
                System.out.println("no database: " + e.getMessage());
                LockSupport.parkNanos(2 * PAUSE_NANOS);
            }
        }
    }

    private void write(Connection connection) throws SQLException {
        while (true) {
            var now = tenure;
            if (now != null && now.mayWrite().getAsBoolean()) {
                signals.passPause(Signals.Writer.GUARDED);
                write(connection, now.token());
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    private void write(Connection connection, long token) throws SQLException {
        try {
            fence.admit(connection, settings.lock(), token);
            insert(connection, "guarded_write", token);
        } catch (StaleTokenException e) {
            connection.rollback();
            insert(connection, "refused_write", token);
        }
        connection.commit();
    }

    private void insert(Connection connection, String table, long token) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO " + table + " (resource, token) VALUES (?, ?)")) {
            statement.setString(1, settings.lock());
            statement.setLong(2, token);
            statement.executeUpdate();
        }
    }
}
