package io.holdfast.cli;

import io.holdfast.api.Json;
import io.holdfast.api.KeyText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The first access key of an ensemble, made without asking a node. */
@Command(
        name = "new-key",
        description = "Make the first access key, without asking a node, and print its hash.",
        footer = {
            "",
            "The hash is for holdfast.auth.bootstrap-key-hash of all nodes. The key, key:bootstrap, may change the",
            "rules until a rule gives admin:acl to a principal; then it proves nothing any more."
        })
final class NewKeyCommand implements Callable<Integer> {

    /** Id that nodes know the first key by. */
    private static final String FIRST = "bootstrap";

    private final Invocation invocation;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description = "File that gets the key and that only its owner can read; the key is printed unless given")
    private @Nullable String out;

    @Option(names = "--replace", description = "Have the key take the place of what is in FILE")
    private boolean replace;

    NewKeyCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        KeyText key = KeyText.generate(FIRST, new SecureRandom());
        if (out != null) {
            try (SecretFile file = SecretFile.at(out, replace)) {
                file.write(key.text());
                invocation.note("the key is in " + file.file());
            } catch (IOException e) {
                throw CommandException.failed("cannot write " + out + ": " + FileFailures.words(e), e);
            }
        }
        Answers answers = new Answers(invocation);
        if (answers.isJson()) {
            Json.Writable document = json -> json.begin()
                    .field("hash", key.hash())
                    .field("key", out == null ? key.text() : null)
                    .end();
            answers.line(new String(Json.write(document), StandardCharsets.UTF_8));
        } else {
            if (out == null) {
                answers.line(key.text());
                invocation.note("the key is printed once; its hash for holdfast.auth.bootstrap-key-hash is next");
            }
            answers.line(key.hash());
        }
        return ExitCode.OK;
    }
}
