package io.holdfast.guard.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.Tokens;
import io.holdfast.guard.Waiting;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a fence in a database keeps, whatever the database. */
@Timeout(180)
abstract class FenceTableContract {

    private static final AtomicInteger RESOURCES = new AtomicInteger();

    private final ExecutorService threads = Executors.newCachedThreadPool();
    /** A name of its own for each test. */
    private final String resource = "accounts/" + RESOURCES.incrementAndGet();

    private Database database;
    private FenceTable fence;

    abstract Database database() throws Exception;

    @BeforeEach
    void start() throws Exception {
        database = database();
        fence = new FenceTable(database.dialect());
    }

    @AfterEach
    void stop() throws Exception {
        threads.shutdownNow();
        assertTrue(threads.awaitTermination(Waiting.LONG.toSeconds(), TimeUnit.SECONDS));
    }

    @Test
    void theDialectIsKnownByItsConnection() throws Exception {
        try (var connection = database.begin()) {
            assertEquals(database.dialect(), Dialect.of(connection));
        }
    }

    @Test
    void aLowerTokenIsRefusedAfterAHigherOneAndTheSameIsTheSameHolder() throws Exception {
        admit(10);
        admit(10);
        admit(12);
        var stale = assertThrows(StaleTokenException.class, () -> admit(11));
        assertEquals(resource, stale.resource());
        assertEquals(11, stale.token());
        admit(Tokens.MAX);
        assertThrows(StaleTokenException.class, () -> admit(Tokens.MAX - 1));
        assertEquals(Tokens.MAX, committedToken());
    }

    @Test
    void resourcesAreApartByEveryLetter() throws Exception {
        admit(10);
        try (var connection = database.begin()) {
            fence.admit(connection, resource.toUpperCase(java.util.Locale.ROOT), 3);
            fence.admit(connection, "ä" + resource, 4);
            fence.admit(connection, "a" + resource, 3);
            fence.admit(connection, "x".repeat(Tokens.RESOURCE_LENGTH - 10) + RESOURCES.incrementAndGet(), 3);
            connection.commit();
        }
    }

    @Test
    void aConnectionThatCommitsByItselfIsRefused() throws Exception {
        try (var connection = DriverManager.getConnection(database.url())) {
            assertThrows(IllegalStateException.class, () -> fence.admit(connection, resource, 10));
        }
        try (var connection = database.begin()) {
            assertThrows(IllegalArgumentException.class, () -> fence.admit(connection, resource, 0));
            assertThrows(IllegalArgumentException.class, () -> fence.admit(connection, "", 1));
        }
        assertEquals(0, rows());
    }

    @Test
    void aRollbackTakesTheTokenBack() throws Exception {
        try (var connection = database.begin()) {
            fence.admit(connection, resource, 12);
            connection.rollback();
        }
        assertEquals(0, rows());
        admit(10);
        try (var connection = database.begin()) {
            fence.admit(connection, resource, 12);
            connection.rollback();
        }
        assertEquals(10, committedToken());
        admit(11);
    }

    /** Nothing that the fence did is left behind when the caller commits after a refusal, and the connection works. */
    @Test
    void aRefusalLeavesTheTransactionUsable() throws Exception {
        admit(10);
        try (var connection = database.begin()) {
            assertThrows(StaleTokenException.class, () -> fence.admit(connection, resource, 9));
            fence.admit(connection, resource + "/other", 9);
            connection.commit();
        }
        assertEquals(10, committedToken());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLowerTokenWaitsForTheRowAndIsThenRefused(boolean first) throws Exception {
        if (!first) {
            admit(5);
        }
        try (var higher = database.begin()) {
            fence.admit(higher, resource, 12);
            var lower = threads.submit(() -> admit(11));
            database.untilWaiting(1);
            assertFalse(lower.isDone());
            higher.commit();
            assertEquals(StaleTokenException.class, failure(lower));
        }
        assertEquals(12, committedToken());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aHigherTokenWaitsForTheRowAndThenSeesWhatWasWritten(boolean first) throws Exception {
        if (!first) {
            admit(5);
        }
        account(100);
        try (var lower = database.begin()) {
            fence.admit(lower, resource, 11);
            var higher = threads.submit(() -> {
                try (var connection = database.begin()) {
                    fence.admit(connection, resource, 12);
                    long balance = balance(connection);
                    connection.commit();
                    return balance;
                }
            });
            database.untilWaiting(1);
            assertFalse(higher.isDone());
            write(lower, 70, 11);
            lower.commit();
            assertEquals(70, higher.get(Waiting.LONG.toSeconds(), TimeUnit.SECONDS));
        }
        assertEquals(12, committedToken());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLowerTokenThatWaitedIsAdmittedAfterARollback(boolean first) throws Exception {
        if (!first) {
            admit(5);
        }
        try (var higher = database.begin()) {
            fence.admit(higher, resource, 12);
            var lower = threads.submit(() -> admit(11));
            database.untilWaiting(1);
            higher.rollback();
            lower.get(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
        }
        assertEquals(11, committedToken());
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE
            })
    void ofManyAtOnceNoneWritesBehindAHigherToken(int isolation) throws Exception {
        account(0);
        var tokens = new AtomicLong();
        var committed = new AtomicInteger();
        var refused = new AtomicInteger();
        var writers = new ArrayList<Callable<Void>>();
        for (int i = 0; i < 4; i++) {
            var random = new Random(i);
            writers.add(() -> {
                try (var connection = database.begin()) {
                    connection.setTransactionIsolation(isolation);
                    long token = tokens.incrementAndGet();
                    for (int round = 0; round < 40; round++) {
                        // One that keeps an old token is a holder that does not know that it lost its lock.
                        token = random.nextInt(3) == 0 ? token : tokens.incrementAndGet();
                        (transaction(connection, token) ? committed : refused).incrementAndGet();
                    }
                }
                return null;
            });
        }
        for (Future<Void> writer : threads.invokeAll(writers)) {
            writer.get();
        }
        assertEquals(160, committed.get() + refused.get());
        assertTrue(refused.get() > 0, "nothing was stale");
        assertTrue(committed.get() > 4, "too little was committed");
        assertEquals(committed.get(), database.number("SELECT balance FROM account WHERE id = '" + resource + "'"));
    }

    /** Adds one to the balance as the page says, and checks that what it read was written with no higher token. */
    private boolean transaction(Connection connection, long token) throws SQLException {
        while (true) {
            try {
                fence.admit(connection, resource, token);
                long balance = balance(connection);
                long last = Database.number(connection, "SELECT fence FROM account WHERE id = '" + resource + "'");
                assertTrue(last <= token, () -> "token " + token + " writes behind " + last);
                Thread.yield();
                write(connection, balance + 1, token);
                connection.commit();
                return true;
            } catch (StaleTokenException stale) {
                connection.rollback();
                return false;
            } catch (SQLException failure) {
                connection.rollback();
                if (!Database.isAgain(failure)) {
                    throw failure;
                }
            }
        }
    }

    private Void admit(long token) throws SQLException {
        try (var connection = database.begin()) {
            fence.admit(connection, resource, token);
            connection.commit();
        }
        return null;
    }

    private void account(long balance) throws SQLException {
        database.execute("INSERT INTO account (id, balance, fence) VALUES ('" + resource + "', " + balance + ", 0)");
    }

    private long balance(Connection connection) throws SQLException {
        return Database.number(connection, "SELECT balance FROM account WHERE id = '" + resource + "'");
    }

    private void write(Connection connection, long balance, long token) throws SQLException {
        try (var statement = connection.prepareStatement("UPDATE account SET balance = ?, fence = ? WHERE id = ?")) {
            statement.setLong(1, balance);
            statement.setLong(2, token);
            statement.setString(3, resource);
            assertEquals(1, statement.executeUpdate());
        }
    }

    private long committedToken() throws SQLException {
        return database.number("SELECT token FROM holdfast_fence WHERE resource = '" + resource + "'");
    }

    private long rows() throws SQLException {
        return database.number("SELECT COUNT(*) FROM holdfast_fence WHERE resource = '" + resource + "'");
    }

    private static Class<?> failure(Future<?> call) {
        return assertThrows(ExecutionException.class, () -> call.get(Waiting.LONG.toSeconds(), TimeUnit.SECONDS))
                .getCause()
                .getClass();
    }
}
