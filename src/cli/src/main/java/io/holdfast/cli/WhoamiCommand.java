package io.holdfast.cli;

import io.holdfast.api.Whoami;
import io.holdfast.client.spi.ApiAnswer;
import io.holdfast.client.spi.ApiRequest;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** The caller that this command's credential makes. */
@Command(name = "whoami", description = "Show the principal and the groups that the credential proves.")
final class WhoamiCommand implements Callable<Integer> {

    private final Answers answers;

    WhoamiCommand(Invocation invocation) {
        answers = new Answers(invocation);
    }

    @Override
    public Integer call() throws InterruptedException {
        ApiAnswer answer = answers.to(ApiRequest.of("GET", "/v1/acl/whoami").expecting(Whoami::read));
        Whoami caller = answer.read(Whoami::read);
        if (answers.isJson()) {
            answers.document(answer);
        } else if (answers.isName()) {
            answers.line(caller.principal());
        } else {
            answers.line(caller.principal() + (caller.until() == null ? "" : ", until " + caller.until()));
            caller.groups().forEach(group -> answers.line("  group " + group));
            caller.attributes().forEach(each -> answers.line("  " + each.name() + " " + each.value()));
        }
        return ExitCode.OK;
    }
}
