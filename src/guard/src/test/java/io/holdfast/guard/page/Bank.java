package io.holdfast.guard.page;

import io.holdfast.guard.Fence;
import io.holdfast.guard.rest.FenceFeature;
import io.holdfast.guard.rest.Fenced;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Application;
import jakarta.ws.rs.ext.Provider;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The code of the page for services: in memory, and at REST resources. */
final class Bank {

    /** Balances in the memory of one process. */
    static final class Accounts {
        private final Fence fence = new Fence(10_000);
        private final Map<String, Long> balances = new ConcurrentHashMap<>();

        void start(long token) {
            fence.raiseFloor(token);
        }

        long balance(String account) {
            return balances.getOrDefault(account, 0L);
        }

        void writeUnfenced(String account, long balance) {
            balances.put(account, balance);
        }

        void write(String account, long balance, long token) throws InterruptedException {
            fence.run("accounts/" + account, token, () -> balances.put(account, balance));
        }
    }

    @Path("accounts/{id}")
    public static class AccountResource {
        static final Accounts ACCOUNTS = new Accounts();

        @PUT
        @Fenced("accounts/{id}")
        public void write(@PathParam("id") String id, String balance) {
            ACCOUNTS.writeUnfenced(id, Long.parseLong(balance));
        }

        @PUT
        @Path("unfenced")
        public void writeUnfenced(@PathParam("id") String id, String balance) {
            ACCOUNTS.writeUnfenced(id, Long.parseLong(balance));
        }
    }

    @Provider
    public static class Fencing extends FenceFeature {
        public Fencing() {
            super(new Fence(10_000));
        }
    }

    public static class BankApplication extends Application {
        @Override
        public Set<Class<?>> getClasses() {
            return Set.of(AccountResource.class, Fencing.class);
        }
    }

    private Bank() {}
}
