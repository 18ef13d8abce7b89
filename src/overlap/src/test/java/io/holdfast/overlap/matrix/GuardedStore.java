package io.holdfast.overlap.matrix;

import io.holdfast.guard.jdbc.Dialect;
import io.holdfast.guard.jdbc.FenceTable;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.h2.tools.Server;

/** The database that all workers write behind a fence: H2 in this process, reached over TCP. Any thread. */
final class GuardedStore implements AutoCloseable {

    private static final String NAME = "mem:overlap";

    private final Connection connection;
    private final Server server;

    /**
     * What was written under one lock.
     *
     * @param writes how many
     * @param stale how many of them behind one with a higher token
     * @param refused how many the fence kept out
     * @param highest token of a write; 0 before the first
     */
    record Tally(long writes, long stale, long refused, long highest) {}

    /** The same of the rows that were read, up to that id. */
    private record Seen(long id, long writes, long stale, long highest) {
        Seen and(long next, long token) {
            return new Seen(next, writes + 1, stale + (token < highest ? 1 : 0), Math.max(highest, token));
        }
    }

    /** By lock. */
    private final Map<String, Seen> read = new HashMap<>();

    /** Starts it. */
    GuardedStore() throws SQLException {
        connection = DriverManager.getConnection("jdbc:h2:" + NAME + ";DB_CLOSE_DELAY=-1", "sa", "");
        try (var statement = connection.createStatement()) {
            statement.execute(new FenceTable(Dialect.STANDARD).createTable());
            for (var table : new String[] {"guarded_write", "refused_write"}) {
                statement.execute("CREATE TABLE " + table + " (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " resource varchar(512) NOT NULL, token bigint NOT NULL)");
                statement.execute("CREATE INDEX " + table + "_resource ON " + table + " (resource, id)");
            }
        }
        System.setProperty("h2.bindAddress", "127.0.0.1");
        server = Server.createTcpServer("-tcpPort", "0").start();
    }

    /** Where it listens on the loopback address. */
    int port() {
        return server.getPort();
    }

    /** Its URL for a worker that finds it there. A writer that stands still in a transaction holds up the others. */
    static String url(String address) {
        return "jdbc:h2:tcp://" + address + "/" + NAME + ";LOCK_TIMEOUT=120000";
    }

    /** What was written under a lock until now. Transactions of one fence do not overlap, so ids are in order. */
    synchronized Tally tally(String lock) throws SQLException {
        var seen = read.getOrDefault(lock, new Seen(0, 0, 0, 0));
        try (var statement = connection.prepareStatement(
                "SELECT id, token FROM guarded_write WHERE resource = ? AND id > ? ORDER BY id")) {
            statement.setString(1, lock);
            statement.setLong(2, seen.id());
            try (var rows = statement.executeQuery()) {
                while (rows.next()) {
                    seen = seen.and(rows.getLong(1), rows.getLong(2));
                }
            }
        }
        read.put(lock, seen);
        return new Tally(seen.writes(), seen.stale(), refused(lock), seen.highest());
    }

    private long refused(String lock) throws SQLException {
        try (var statement = connection.prepareStatement("SELECT COUNT(*) FROM refused_write WHERE resource = ?")) {
            statement.setString(1, lock);
            try (var rows = statement.executeQuery()) {
                rows.next();
                return rows.getLong(1);
            }
        }
    }

    @Override
    public void close() throws SQLException {
        server.stop();
        connection.close();
    }
}
