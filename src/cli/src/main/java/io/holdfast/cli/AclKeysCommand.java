package io.holdfast.cli;

import io.holdfast.api.AccessKeyBody;
import io.holdfast.api.AccessKeyList;
import io.holdfast.api.Durations;
import io.holdfast.api.Json;
import io.holdfast.api.NewAccessKey;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The access keys of the ensemble. */
@Command(
        name = "keys",
        description = "List, create and delete access keys, for clients that have no other identity.",
        subcommands = {
            AclKeysCommand.ListCommand.class,
            AclKeysCommand.CreateCommand.class,
            AclKeysCommand.DeleteCommand.class
        })
final class AclKeysCommand implements Callable<Integer> {

    private static final String PATH = "/v1/acl/keys";
    private static final Pattern DAYS = Pattern.compile("([0-9]{1,4})d");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private final Answers answers;

    AclKeysCommand(Invocation invocation) {
        answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        return list(answers);
    }

    private static int list(Answers answers) throws InterruptedException {
        ApiAnswer answer = answers.to(ApiRequest.of("GET", PATH).expecting(AccessKeyList::read));
        AccessKeyList list = answer.read(AccessKeyList::read);
        if (answers.isJson()) {
            answers.document(answer);
        } else if (answers.isName()) {
            list.keys().forEach(key -> answers.line(key.id()));
        } else {
            Table table = Table.of("ID", "PRINCIPAL", "CREATED", "EXPIRES");
            list.keys().forEach(key -> table.row(key.id(), "key:" + key.name(), key.created(), key.expires()));
            answers.table(table);
        }
        return ExitCode.OK;
    }

    /** {@code acl keys list}. */
    @Command(name = "list", description = "List the access keys, also those that expired.")
    static final class ListCommand implements Callable<Integer> {

        private final Answers answers;

        ListCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            return list(answers);
        }
    }

    /** {@code acl keys create}. */
    @Command(
            name = "create",
            description = "Make an access key of the principal key:NAME. It is told once.",
            footer = {"", "Two keys of a name may live at the same time, so that one can take the place of the other."})
    static final class CreateCommand implements Callable<Integer> {

        private final Invocation invocation;
        private final Answers answers;

        @Parameters(paramLabel = "NAME", description = "Name of the principal, behind key:")
        private String name = "";

        @Option(
                names = "--expires",
                paramLabel = "TIME",
                description = "How long it is good for: 12h, 30d; 90d unless given, 365d at most")
        private @Nullable String expires;

        @Option(
                names = "--out",
                paramLabel = "FILE",
                description =
                        "File that gets the key and that only its owner can read; the key is printed unless given")
        private @Nullable String out;

        @Option(names = "--replace", description = "Have the key take the place of what is in FILE")
        private boolean replace;

        CreateCommand(Invocation invocation) {
            this.invocation = invocation;
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            if (!NAME.matcher(name).matches()) {
                throw CommandException.usage("'" + Words.plain(name)
                        + "' is no name of a key; it has 1 to 128 of A-Z a-z 0-9 . _ -, a letter or digit first");
            }
            NewAccessKey wanted = new NewAccessKey(name, expires == null ? null : life(expires));
            if (out == null) {
                AccessKeyBody made = made(wanted);
                if (!answers.isJson()) {
                    answers.line(secret(made));
                }
                return ExitCode.OK;
            }
            try (SecretFile file = SecretFile.at(out, replace)) {
                AccessKeyBody made = made(wanted);
                keep(file, made);
                if (answers.isName()) {
                    answers.line(made.id());
                }
                return ExitCode.OK;
            }
        }

        private AccessKeyBody made(NewAccessKey wanted) throws InterruptedException {
            ApiAnswer answer =
                    answers.to(ApiRequest.of("POST", PATH).body(wanted).expecting(AccessKeyBody::read));
            AccessKeyBody made = answer.read(AccessKeyBody::read);
            if (answers.isJson()) {
                if (out == null) {
                    answers.document(answer);
                } else {
                    AccessKeyBody shown =
                            new AccessKeyBody(made.id(), made.name(), made.created(), made.expires(), null);
                    answers.line(new String(Json.write(shown), StandardCharsets.UTF_8));
                }
            }
            invocation.note("access key " + made.id() + " of key:" + made.name() + ", until " + made.expires());
            if (answer.repeated()) {
                invocation.note("it was asked for more than once; an earlier try may have made another key of that"
                        + " name, which holdfast acl keys shows");
            }
            return made;
        }

        private void keep(SecretFile file, AccessKeyBody made) {
            try {
                file.write(secret(made));
                invocation.note("it is in " + file.file());
            } catch (IOException e) {
                throw CommandException.failed(
                        "cannot write " + file.file() + ": " + FileFailures.words(e) + "; the key is of no use, end it"
                                + " with: holdfast acl keys delete " + made.id(),
                        e);
            }
        }

        private static String secret(AccessKeyBody made) {
            if (made.key() == null) {
                throw CommandException.failed("the node made a key and did not tell it", null);
            }
            return made.key();
        }

        /** A day has 24 hours here, which the API counts in. */
        private static String life(String text) {
            Matcher days = DAYS.matcher(text);
            String hours = days.matches() ? 24 * Integer.parseInt(days.group(1)) + "h" : text;
            Duration life = Durations.parse(hours)
                    .orElseThrow(() -> CommandException.usage(
                            "--expires is '" + Words.plain(text) + "'; give a time such as 12h or 30d"));
            if (life.compareTo(Duration.ofMinutes(1)) < 0 || life.compareTo(Duration.ofDays(365)) > 0) {
                throw CommandException.usage("--expires is " + text + "; give 1m to 365d");
            }
            return hours;
        }
    }

    /** {@code acl keys delete}. */
    @Command(name = "delete", description = "Delete an access key; it proves nothing from then on.")
    static final class DeleteCommand implements Callable<Integer> {

        private final Invocation invocation;

        @Parameters(paramLabel = "ID", description = "Its id, as acl keys shows it")
        private String id = "";

        DeleteCommand(Invocation invocation) {
            this.invocation = invocation;
        }

        @Override
        public Integer call() throws InterruptedException {
            if (!NAME.matcher(id).matches()) {
                throw CommandException.usage(
                        "'" + Words.plain(id) + "' is no id of a key; holdfast acl keys shows them");
            }
            new Answers(invocation).to(ApiRequest.of("DELETE", PATH + "/" + id));
            invocation.note("access key " + id + " proves nothing now");
            return ExitCode.OK;
        }
    }
}
