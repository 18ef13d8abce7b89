package io.holdfast.server.rest.problem;

import io.holdfast.api.Problem.Violation;
import io.holdfast.api.ProblemType;
import io.holdfast.lock.acl.InvalidAclException;
import io.holdfast.server.audit.NotAuditedException;
import io.holdfast.server.replica.Refused;
import io.holdfast.server.rest.body.AnswerHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.NotFoundException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Turns every exception that leaves a resource, or the reading of its input, into a problem. */
@ApplicationScoped
public class ProblemMappers {

    private static final Logger LOG = Logger.getLogger(ProblemMappers.class);

    /** What clients call the parameters and fields that Java cannot. */
    private static final Map<String, String> CLIENT_NAMES = Map.of(
            "idempotencyKey", "Idempotency-Key",
            "ifMatch", "If-Match",
            "ifNoneMatch", "If-None-Match",
            "lastEventId", "Last-Event-ID");

    private final ProblemWriter writer;

    ProblemMappers(ProblemWriter writer) {
        this.writer = writer;
    }

    @ServerExceptionMapper(priority = 1)
    Response problem(ProblemException failure, RoutingContext request) {
        return answer(failure.problem(), request);
    }

    @ServerExceptionMapper(priority = 1)
    Response refused(Refused refused, RoutingContext request) {
        if (refused.at() != null) {
            AnswerHeaders.give(refused.at(), request.response()::putHeader);
        }
        return answer(RefusalProblems.of(refused), request);
    }

    @ServerExceptionMapper(priority = 1)
    Response invalid(ConstraintViolationException failure, RoutingContext request) {
        List<Violation> violations = failure.getConstraintViolations().stream()
                .map(violation -> new Violation(field(violation), violation.getMessage()))
                .toList();
        return answer(Problem.invalid(violations), request);
    }

    @ServerExceptionMapper(priority = 1)
    Response invalid(InvalidAclException failure, RoutingContext request) {
        return answer(Problem.invalid(failure.field(), failure.problem()), request);
    }

    @ServerExceptionMapper(priority = 1)
    Response notAudited(NotAuditedException failure, RoutingContext request) {
        return answer(Problem.notAudited(), request);
    }

    @ServerExceptionMapper(priority = 1)
    Response notFound(NotFoundException failure, RoutingContext request) {
        return answer(ofStatus(404), request);
    }

    @ServerExceptionMapper(priority = 1)
    Response failed(WebApplicationException failure, RoutingContext request) {
        int status = failure.getResponse().getStatus();
        return status >= 500 ? unexpected(failure, request) : answer(ofStatus(status), request);
    }

    @ServerExceptionMapper(priority = 1)
    Response unexpected(Throwable failure, RoutingContext request) {
        return answer(incident(failure, request), request);
    }

    /** Returns the problem for what nobody foresaw, after it was logged once with the id that the client is told. */
    static Problem incident(Throwable failure, RoutingContext request) {
        String incident = UUID.randomUUID().toString();
        LOG.errorf(
                failure,
                "Incident %s: %s %s failed",
                incident,
                request.request().method(),
                request.normalizedPath());
        return Problem.of(
                        ProblemType.INTERNAL_ERROR,
                        "The server failed and logged why as incident " + incident
                                + ". Nothing can be said of the outcome: ask for it, or send the request again.")
                .with(document -> document.incident(incident));
    }

    /** Returns the problem for a status that a framework chose. */
    static Problem ofStatus(int status) {
        return switch (status) {
            case 404 -> Problem.of(ProblemType.PATH_UNKNOWN, "Nothing is served at this path; see /q/openapi.");
            case 405 -> Problem.of(ProblemType.METHOD_NOT_ALLOWED, "The path does not take this method; see Allow.");
            case 406 ->
                Problem.of(
                        ProblemType.NOT_ACCEPTABLE,
                        "Answers are application/json, streams text/event-stream; accept what this path gives.");
            case 413 -> Problem.of(ProblemType.BODY_TOO_LARGE, "The body is larger than this service takes.");
            case 414 -> Problem.of(ProblemType.URI_TOO_LONG, "The request target is longer than this service takes.");
            case 415 ->
                Problem.of(ProblemType.UNSUPPORTED_MEDIA_TYPE, "Bodies are JSON; send Content-Type: application/json.");
            default -> Problem.invalid("request", "cannot be read as HTTP; check path, headers and body");
        };
    }

    private Response answer(Problem problem, RoutingContext request) {
        return writer.response(problem, request);
    }

    /** Returns the place as the client wrote it: without the method, without the body's own name. */
    private static String field(ConstraintViolation<?> violation) {
        var field = new StringBuilder();
        String parameter = "";
        for (Path.Node node : violation.getPropertyPath()) {
            if (node.getKind() == ElementKind.METHOD) {
                continue;
            }
            if (node.getKind() == ElementKind.PARAMETER) {
                parameter = node.getName();
                continue;
            }
            if (node.isInIterable() && node.getIndex() != null) {
                field.append('[').append(node.getIndex()).append(']');
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                field.append(field.isEmpty() ? "" : ".").append(clientName(node.getName()));
            }
        }
        return field.isEmpty() ? clientName(parameter) : field.toString();
    }

    private static String clientName(String name) {
        return CLIENT_NAMES.getOrDefault(name, name);
    }
}
