package io.holdfast.guard.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.holdfast.guard.Fence;
import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.Waiting;
import io.holdfast.guard.jdbc.Databases;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.glassfish.jersey.grizzly2.httpserver.GrizzlyHttpServerFactory;
import org.glassfish.jersey.server.ResourceConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What goes wrong without a fence, and holds with it. In each case the grant of token 33 was lost while its holder was
 * paused, and its write comes after the next holder, with token 34, has written.
 */
@Timeout(120)
class FencingTest {

    private static final long OLD = 33;
    private static final long NEW = 34;
    private static final long OLD_BALANCE = 50;
    private static final long NEW_BALANCE = 70;

    private final Bank.Accounts accounts = new Bank.Accounts();

    @Test
    void withoutAFenceALateWriteUndoesTheNewOne() {
        accounts.writeUnfenced("7", NEW_BALANCE);
        accounts.writeUnfenced("7", OLD_BALANCE);
        assertEquals(OLD_BALANCE, accounts.balance("7"));
    }

    @Test
    void withAFenceALateWriteIsRefused() throws Exception {
        accounts.write("7", NEW_BALANCE, NEW);
        assertThrows(StaleTokenException.class, () -> accounts.write("7", OLD_BALANCE, OLD));
        assertEquals(NEW_BALANCE, accounts.balance("7"));
    }

    @Test
    void aComparisonApartFromItsWriteIsNoFence() {
        var highest = new AtomicLong();
        var balance = new AtomicLong();
        // The old holder compares, and pauses.
        assertEquals(OLD, highest.accumulateAndGet(OLD, Math::max));
        assertEquals(NEW, highest.accumulateAndGet(NEW, Math::max));
        balance.set(NEW_BALANCE);
        // It goes on with what it found.
        balance.set(OLD_BALANCE);
        assertEquals(OLD_BALANCE, balance.get());
    }

    @Test
    void aFenceComparesAndWritesInOneStep() throws Exception {
        var fence = new Fence(10, Waiting.LONG);
        var balance = new AtomicLong();
        var compared = new CompletableFuture<Void>();
        var paused = new CompletableFuture<Void>();
        var old = CompletableFuture.runAsync(() -> unchecked(() -> fence.run("accounts/7", OLD, () -> {
            compared.complete(null);
            paused.join();
            balance.set(OLD_BALANCE);
        })));
        compared.get(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
        var next = CompletableFuture.runAsync(
                () -> unchecked(() -> fence.run("accounts/7", NEW, () -> balance.set(NEW_BALANCE))));
        Waiting.until("the new holder waits", () -> fence.lowest("accounts/7") == NEW);
        paused.complete(null);
        next.get(Waiting.LONG.toSeconds(), TimeUnit.SECONDS);
        assertEquals(NEW_BALANCE, balance.get());
        old.join();
    }

    @Test
    void aNewProcessAdmitsALateWriteUnlessItsFloorIsRaised() throws Exception {
        accounts.write("7", NEW_BALANCE, NEW);
        var restarted = new Bank.Accounts();
        restarted.write("7", OLD_BALANCE, OLD);
        assertEquals(OLD_BALANCE, restarted.balance("7"));

        var careful = new Bank.Accounts();
        careful.start(35);
        assertThrows(StaleTokenException.class, () -> careful.write("7", OLD_BALANCE, OLD));
        careful.write("7", NEW_BALANCE, 36);
    }

    @Test
    void aLateRequestIsRefusedWhereTheResourceIsFenced() throws Exception {
        var server = GrizzlyHttpServerFactory.createHttpServer(
                URI.create("http://127.0.0.1:0/"), ResourceConfig.forApplication(new Bank.BankApplication()));
        try {
            var account = "http://127.0.0.1:" + server.getListener("grizzly").getPort() + "/accounts/7";
            assertEquals(204, put(account + "/unfenced", NEW_BALANCE, NEW));
            assertEquals(204, put(account + "/unfenced", OLD_BALANCE, OLD));
            assertEquals(OLD_BALANCE, Bank.AccountResource.ACCOUNTS.balance("7"));

            assertEquals(204, put(account, NEW_BALANCE, NEW));
            assertEquals(412, put(account, OLD_BALANCE, OLD));
            assertEquals(NEW_BALANCE, Bank.AccountResource.ACCOUNTS.balance("7"));
        } finally {
            server.shutdownNow();
        }
    }

    @Test
    void instancesWithAFenceEachAdmitALateWrite() throws Exception {
        var store = new AtomicLong();
        var first = new Fence(10);
        var second = new Fence(10);
        first.run("accounts/7", NEW, () -> store.set(NEW_BALANCE));
        second.run("accounts/7", OLD, () -> store.set(OLD_BALANCE));
        assertEquals(OLD_BALANCE, store.get());
    }

    @Test
    void instancesWithTheFenceInTheirDatabaseRefuseALateWrite() throws Exception {
        var first = new AccountTable(Databases.h2());
        var second = new AccountTable(Databases.h2());
        first.create("instances", 0);
        first.add("instances", NEW_BALANCE, NEW);
        assertThrows(StaleTokenException.class, () -> second.add("instances", OLD_BALANCE, OLD));
        assertEquals(NEW_BALANCE, first.balance("instances"));
    }

    @Test
    void aTransactionWithoutAFenceWritesLate() throws Exception {
        var database = Databases.h2();
        var table = new AccountTable(database);
        table.create("late", 0);
        try (var old = database.begin();
                var next = database.begin()) {
            table.write(next, "late", NEW_BALANCE);
            next.commit();
            table.write(old, "late", OLD_BALANCE);
            old.commit();
        }
        assertEquals(OLD_BALANCE, table.balance("late"));
    }

    @Test
    void theDatasOwnRowRefusesALateWrite() throws Exception {
        var table = new AccountTable(Databases.h2());
        table.create("own", 0);
        table.writeOwnRow("own", NEW_BALANCE, NEW);
        assertThrows(StaleTokenException.class, () -> table.writeOwnRow("own", OLD_BALANCE, OLD));
        table.writeOwnRow("own", NEW_BALANCE + 1, NEW);
        assertEquals(NEW_BALANCE + 1, table.balance("own"));
    }

    private static int put(String uri, long balance, long token) throws Exception {
        var client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        var request = HttpRequest.newBuilder(URI.create(uri))
                .PUT(HttpRequest.BodyPublishers.ofString(Long.toString(balance)))
                .header("Holdfast-Token", Long.toString(token))
                .build();
        return client.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private interface Step {
        void run() throws InterruptedException, SQLException;
    }

    private static void unchecked(Step step) {
        try {
            step.run();
        } catch (InterruptedException | SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }
}
