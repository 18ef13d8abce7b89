package io.holdfast.cli;

import io.holdfast.api.EventBatch;
import io.holdfast.api.LockBody;
import io.holdfast.api.LockPage;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What is locked. */
@Command(
        name = "locks",
        description = "List the locks in use, or show one.",
        subcommands = {LocksCommand.ListCommand.class, LocksCommand.ShowCommand.class})
final class LocksCommand implements Callable<Integer> {

    private final Listing listing;

    @Mixin
    private final Which which = new Which();

    LocksCommand(Invocation invocation) {
        listing = new Listing(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        return listing.run("", which);
    }

    /** Options of a listing. */
    static final class Which {

        @Option(names = "--waiting", description = "Only locks that tickets wait for")
        private boolean waiting;

        @Option(names = "--watch", description = "Print the list again whenever it has changed")
        private boolean watch;
    }

    /** {@code locks list}. */
    @Command(name = "list", description = "List the locks in use whose names begin with PREFIX.")
    static final class ListCommand implements Callable<Integer> {

        private final Listing listing;

        @Mixin
        private final Which which = new Which();

        @Parameters(arity = "0..1", paramLabel = "PREFIX", description = "Beginning of their names")
        private String prefix = "";

        ListCommand(Invocation invocation) {
            listing = new Listing(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            return listing.run(prefix, which);
        }
    }

    /** Reads the list page by page. */
    private static final class Listing {
        private static final int PAGE = 500;
        private static final Duration POLL = Duration.ofSeconds(25);
        private static final String CLEAR = "\u001b[H\u001b[2J";

        private final Invocation invocation;
        private final Answers answers;

        Listing(Invocation invocation) {
            this.invocation = invocation;
            this.answers = new Answers(invocation);
        }

        int run(String prefix, Which which) throws InterruptedException {
            Requests.prefix(prefix);
            if (!which.watch) {
                print(prefix, which.waiting);
                return ExitCode.OK;
            }
            // The list is read after the position in history, so no change falls between them.
            String next = position(prefix, "");
            while (!invocation.shell().out().checkError()) {
                if (invocation.shell().colours() && !answers.isJson()) {
                    invocation.shell().out().print(CLEAR);
                }
                print(prefix, which.waiting);
                next = changed(prefix, next);
            }
            return ExitCode.OK;
        }

        private void print(String prefix, boolean waiting) throws InterruptedException {
            List<LockBody> locks = new ArrayList<>();
            String after = "";
            do {
                String target = "/v1/locks?prefix=" + Requests.prefix(prefix) + "&limit=" + PAGE
                        + (waiting ? "&state=waiting" : "")
                        + (after.isEmpty() ? "" : "&after=" + Requests.query(after));
                ApiAnswer answer = answers.to(ApiRequest.of("GET", target).expecting(LockPage::read));
                LockPage page = answer.read(LockPage::read);
                if (answers.isJson()) {
                    answers.document(answer);
                } else if (answers.isName()) {
                    page.locks().forEach(lock -> answers.line(lock.name()));
                } else {
                    locks.addAll(page.locks());
                }
                after = following(page.next(), after);
            } while (!after.isEmpty());
            if (invocation.options().form() == GlobalOptions.Form.TABLE) {
                table(locks);
            }
        }

        private void table(List<LockBody> locks) {
            Table table = Table.of("LOCK", "MODE", "HOLDER", "TOKEN", "HELD", "WAITING")
                    .numbers(3, 4, 5);
            for (LockBody lock : locks) {
                LockBody.Holder first =
                        lock.holders().isEmpty() ? null : lock.holders().get(0);
                table.row(
                        lock.name(),
                        lock.mode(),
                        first == null ? null : holders(first, lock.used()),
                        first == null ? null : first.token(),
                        first == null ? null : Words.time(first.heldMs()),
                        lock.waiting());
            }
            answers.table(table);
        }

        private static String holders(LockBody.Holder first, int used) {
            String name = Words.session(first.sessionName(), first.session());
            int more = used - (first.permits() == null ? 1 : first.permits());
            return more > 0 ? name + " +" + more : name;
        }

        /** Waits until something under the prefix has changed; returns from where the next change counts. */
        private String changed(String prefix, String since) throws InterruptedException {
            String next = since;
            while (!invocation.shell().out().checkError()) {
                EventBatch batch = batch(prefix, "&since=" + next + "&poll=" + POLL.toSeconds() + "s", POLL);
                next = batch.next();
                if (batch.events().stream().anyMatch(event -> !event.event().equals("bookmark"))) {
                    return next;
                }
            }
            return next;
        }

        private String position(String prefix, String query) throws InterruptedException {
            return batch(prefix, query, Duration.ZERO).next();
        }

        private EventBatch batch(String prefix, String query, Duration held) throws InterruptedException {
            return answers.to(ApiRequest.of("GET", "/v1/events?prefix=" + Requests.prefix(prefix) + query)
                            .header("Accept", "application/json")
                            .held(held)
                            .expecting(EventBatch::read))
                    .read(EventBatch::read);
        }
    }

    /** Where the next page begins; a server that gives the same place again would keep the command busy for ever. */
    static String following(@Nullable String next, String before) {
        if (next != null && next.equals(before)) {
            throw CommandException.failed("the node gave the same page again; ask another one with -e", null);
        }
        return next == null ? "" : next;
    }

    /** {@code locks show}. */
    @Command(name = "show", description = "Show one lock with its holders and its queue.")
    static final class ShowCommand implements Callable<Integer> {

        private final Answers answers;

        @Parameters(paramLabel = "NAME", description = "Name of the lock")
        private String name = "";

        ShowCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiAnswer answer =
                    answers.to(ApiRequest.of("GET", Requests.lock(name)).expecting(LockBody::read));
            LockBody lock = answer.read(LockBody::read);
            if (answers.isJson()) {
                answers.document(answer);
            } else if (answers.isName()) {
                answers.line(lock.name());
            } else {
                print(lock);
            }
            return ExitCode.OK;
        }

        private void print(LockBody lock) {
            String closed = lock.delayMs() > 0 ? ", closed for " + Words.time(lock.delayMs()) : "";
            String state = lock.holders().isEmpty() ? "free" : "held, " + lock.mode();
            String permits = lock.limit() > 1 ? " " + lock.used() + " of " + lock.limit() : "";
            answers.line(lock.name() + ": " + state + permits + closed + ", " + lock.waiting() + " waiting");
            if (!lock.holders().isEmpty()) {
                Table holders = Table.of("HOLDER", "SESSION", "GRANT", "TOKEN", "MODE", "HELD", "TTL LEFT")
                        .numbers(3, 5, 6);
                for (LockBody.Holder holder : lock.holders()) {
                    holders.row(
                            holder.sessionName(),
                            holder.session(),
                            holder.grant(),
                            holder.token(),
                            holder.mode(),
                            Words.time(holder.heldMs()),
                            Words.time(holder.ttlLeftMs()));
                }
                answers.line("");
                answers.table(holders);
            }
            if (!lock.waiters().isEmpty()) {
                Table waiters = Table.of("POSITION", "SESSION", "GRANT", "MODE", "WAITED")
                        .numbers(0, 4);
                for (LockBody.Waiter waiter : lock.waiters()) {
                    waiters.row(
                            waiter.position(),
                            waiter.session(),
                            waiter.grant(),
                            waiter.mode(),
                            Words.time(waiter.waitedMs()));
                }
                answers.line("");
                answers.table(waiters);
            }
        }
    }
}
