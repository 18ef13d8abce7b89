package io.holdfast.cli;

import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclCheck;
import io.holdfast.api.AclLimit;
import io.holdfast.api.AclMode;
import io.holdfast.api.AclVerdict;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The rules of access, which say what callers may do, and the access keys. */
@Command(
        name = "acl",
        description = "Show and change the rules of access, and the access keys.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            AclCommand.GetCommand.class,
            AclCommand.ApplyCommand.class,
            AclCommand.CheckCommand.class,
            AclCommand.ModeCommand.class,
            AclCommand.PoliciesCommand.class,
            AclCommand.BindingsCommand.class,
            AclCommand.LimitsCommand.class,
            AclKeysCommand.class,
            NewKeyCommand.class
        })
final class AclCommand {

    private static final String PATH = "/v1/acl";

    private static ApiAnswer fetched(Answers answers) throws InterruptedException {
        return answers.to(ApiRequest.of("GET", PATH).expecting(AclBody::read));
    }

    /** Conditions of a change. */
    static final class Terms {

        @Option(names = "--dry-run", description = "Say what would change, and change nothing")
        private boolean dryRun;

        @Option(
                names = "--force",
                description = "Also if no caller, or not this one, could change the rules after that")
        private boolean force;

        private String query() {
            String query = (dryRun ? "&dryRun=true" : "") + (force ? "&force=true" : "");
            return query.isEmpty() ? "" : "?" + query.substring(1);
        }
    }

    /** {@code acl get}. */
    @Command(
            name = "get",
            description = "Print the rules as YAML, or with --json as the API has them. Both can be applied again.")
    static final class GetCommand implements Callable<Integer> {

        private final Answers answers;

        GetCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiAnswer answer = fetched(answers);
            AclBody rules = answer.read(AclBody::read);
            if (answers.isJson()) {
                answers.document(answer);
            } else if (answers.isName()) {
                rules.policies().keySet().forEach(answers::line);
            } else {
                RulesFile.yaml(rules).lines().forEach(answers::line);
            }
            return ExitCode.OK;
        }
    }

    /** {@code acl apply}. */
    @Command(
            name = "apply",
            description = "Replace the rules by those of a file, and print what that changes. The access keys stay.",
            footer = {
                "",
                "What is absent from the file is taken away; without mode the mode stays. With revision in it, as",
                "acl get --json prints it, the file is refused when the rules were changed since."
            })
    static final class ApplyCommand implements Callable<Integer> {

        private final Invocation invocation;
        private final Answers answers;

        @Option(
                names = {"-f", "--file"},
                required = true,
                paramLabel = "FILE",
                description = "YAML or JSON; - is standard input")
        private String file = "";

        @Mixin
        private final Terms terms = new Terms();

        ApplyCommand(Invocation invocation) {
            this.invocation = invocation;
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            if (file.equals("-") && invocation.settings().usesInput()) {
                throw CommandException.usage("-f and --auth-file cannot both be standard input");
            }
            AclBody wanted = RulesFile.read(file, invocation.shell().in());
            ApiAnswer answer = fetched(answers);
            AclBody present = answer.read(AclBody::read);
            List<String> difference = RulesDifference.of(present, wanted);
            String revision = wanted.revision() == null ? present.revision() : wanted.revision();
            if (!difference.isEmpty() || !String.valueOf(present.revision()).equals(revision)) {
                answer = answers.to(ApiRequest.of("PUT", PATH + terms.query())
                        .header("If-Match", "\"" + revision + "\"")
                        .body(wanted)
                        .expecting(AclBody::read));
            }
            if (answers.isJson()) {
                answers.document(answer);
            } else {
                difference.forEach(answers::line);
            }
            String now = answer.read(AclBody::read).revision();
            if (difference.isEmpty()) {
                invocation.note("the rules are so already, revision " + now);
            } else {
                invocation.note(terms.dryRun ? "nothing was changed" : "the rules are changed, revision " + now);
            }
            return ExitCode.OK;
        }
    }

    /** {@code acl check}. */
    @Command(
            name = "check",
            description = "Say whether the rules allow a principal something: exit code 0 if so, else 1.")
    static final class CheckCommand implements Callable<Integer> {

        private final Answers answers;

        @Option(
                names = "--principal",
                required = true,
                paramLabel = "NAME",
                description = "Such as key:ci, k8s:NAMESPACE:ACCOUNT, jwt:ISSUER:SUBJECT, cert:NAME or anonymous")
        private String principal = "";

        @Option(names = "--group", paramLabel = "NAME", description = "One of its groups; may be given again")
        private List<String> groups = List.of();

        @Parameters(
                index = "0",
                paramLabel = "VERB",
                description = "read, acquire, break, admin:members, admin:backup, admin:acl or admin:sessions")
        private String verb = "";

        @Parameters(
                index = "1",
                arity = "0..1",
                paramLabel = "LOCK",
                description = "Name of a lock, with verbs of locks; any lock unless given")
        private @Nullable String lock;

        CheckCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            if (lock != null) {
                Requests.lock(lock);
            }
            ApiAnswer answer = answers.to(ApiRequest.of("POST", PATH + "/check")
                    .body(new AclCheck(principal, groups, verb, lock))
                    .expecting(AclVerdict::read));
            AclVerdict verdict = answer.read(AclVerdict::read);
            if (answers.isJson()) {
                answers.document(answer);
            } else if (verdict.allowed()) {
                answers.line(answers.isName() ? String.valueOf(verdict.policy()) : "allowed by " + verdict.policy());
            } else if (!answers.isName()) {
                answers.line("not allowed");
            }
            return verdict.allowed() ? ExitCode.OK : ExitCode.REFUSED;
        }
    }

    /** {@code acl mode}. */
    @Command(
            name = "mode",
            description = "Print or set what becomes of a request that no rule allows: open judges nothing, observe"
                    + " only logs, enforce refuses.")
    static final class ModeCommand implements Callable<Integer> {

        private final Invocation invocation;
        private final Answers answers;

        @Parameters(arity = "0..1", paramLabel = "MODE", description = "open, observe or enforce")
        private @Nullable String mode;

        @Mixin
        private final Terms terms = new Terms();

        ModeCommand(Invocation invocation) {
            this.invocation = invocation;
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            if (mode != null && !List.of("open", "observe", "enforce").contains(mode)) {
                throw CommandException.usage("the mode is '" + Words.plain(mode) + "'; give open, observe or enforce");
            }
            if (mode == null && !terms.query().isEmpty()) {
                throw CommandException.usage("--dry-run and --force go with a mode; give open, observe or enforce");
            }
            ApiAnswer answer = mode == null
                    ? fetched(answers)
                    : answers.to(ApiRequest.of("PUT", PATH + "/mode" + terms.query())
                            .body(new AclMode(mode))
                            .expecting(AclBody::read));
            if (answers.isJson()) {
                answers.document(answer);
            } else {
                answers.line(String.valueOf(answer.read(AclBody::read).mode()));
            }
            if (mode != null) {
                invocation.note(terms.dryRun ? "nothing was changed" : "in force at all nodes");
            }
            return ExitCode.OK;
        }
    }

    /** {@code acl policies}. */
    @Command(name = "policies", description = "List the policies: verbs, and the locks that they are allowed for.")
    static final class PoliciesCommand implements Callable<Integer> {

        private final Answers answers;

        PoliciesCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiAnswer answer = fetched(answers);
            Table table = Table.of("POLICY", "ALLOWS");
            answer.read(AclBody::read)
                    .policies()
                    .forEach((name, rules) -> table.row(name, RulesDifference.words(rules)));
            return listed(answers, answer, table);
        }
    }

    /** {@code acl bindings}. */
    @Command(name = "bindings", description = "List which policies are given to which principals and groups.")
    static final class BindingsCommand implements Callable<Integer> {

        private final Answers answers;

        BindingsCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiAnswer answer = fetched(answers);
            Table table = Table.of("BINDING", "POLICY", "TO");
            for (AclBinding binding : answer.read(AclBody::read).bindings()) {
                table.row(RulesDifference.name(binding), binding.policy(), RulesDifference.list(binding.to()));
            }
            return listed(answers, answer, table);
        }
    }

    /** {@code acl limits}. */
    @Command(name = "limits", description = "List how much principals may have at the same time.")
    static final class LimitsCommand implements Callable<Integer> {

        private final Answers answers;

        LimitsCommand(Invocation invocation) {
            answers = new Answers(invocation);
        }

        @Override
        public Integer call() throws InterruptedException {
            ApiAnswer answer = fetched(answers);
            Table table = Table.of("LIMIT", "SESSIONS", "GRANTS", "STREAMS", "RPS", "TO")
                    .numbers(1, 2, 3, 4);
            for (AclLimit limit : answer.read(AclBody::read).limits()) {
                table.row(
                        limit.name(),
                        limit.sessions(),
                        limit.grants(),
                        limit.streams(),
                        limit.rps(),
                        RulesDifference.list(limit.to()));
            }
            return listed(answers, answer, table);
        }
    }

    /** With {@code --json} all of the rules, which is what the API answered. */
    private static int listed(Answers answers, ApiAnswer answer, Table table) {
        if (answers.isJson()) {
            answers.document(answer);
        } else if (answers.isName()) {
            table.firstColumn().forEach(answers::line);
        } else {
            answers.table(table);
        }
        return ExitCode.OK;
    }
}
