package io.holdfast.server.rest;

import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.server.rest.input.Bodies;
import io.holdfast.server.rest.problem.Problem;
import io.holdfast.server.rest.problem.ProblemException;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyReader;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies to the letter, as records of the API: one value, known fields once each, no type taken for another, so
 * that a client that misspells a field does not get a lock under other terms than it wrote. No body, and {@code null},
 * are a body that was not given.
 */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
public final class RecordReader implements ServerMessageBodyReader<Json.Writable> {

    private static final String NULL = "null";
    private static final int NULL_BYTES_MAX = 16;

    @Override
    public boolean isReadable(Class<?> type, Type generic, ResteasyReactiveResourceInfo target, MediaType media) {
        return Bodies.isBody(type);
    }

    @Override
    public Json.@Nullable Writable readFrom(
            Class<Json.Writable> type, Type generic, MediaType media, ServerRequestContext context) throws IOException {
        return read(type, context.getInputStream());
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return Bodies.isBody(type);
    }

    @Override
    public Json.@Nullable Writable readFrom(
            Class<Json.Writable> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        return read(type, body);
    }

    private static Json.@Nullable Writable read(Class<?> type, InputStream body) throws IOException {
        byte[] document = body.readAllBytes();
        if (document.length == 0 || isNull(document)) {
            return null;
        }
        try {
            return Bodies.read(type, document);
        } catch (MalformedJsonException e) {
            String field = e.field().isEmpty() ? "body" : e.field();
            throw new ProblemException(Problem.invalid(field, e.problem()));
        }
    }

    private static boolean isNull(byte[] document) {
        return document.length <= NULL_BYTES_MAX
                && new String(document, StandardCharsets.ISO_8859_1).strip().equals(NULL);
    }
}
