package io.holdfast.server.rest;

import io.holdfast.api.Json;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import org.jboss.resteasy.reactive.server.spi.ResteasyReactiveResourceInfo;
import org.jboss.resteasy.reactive.server.spi.ServerMessageBodyWriter;
import org.jboss.resteasy.reactive.server.spi.ServerRequestContext;

/** Writes the records of the API as they write themselves: once, to the bytes that are sent. */
@Provider
@Produces(MediaType.APPLICATION_JSON)
public final class RecordWriter implements ServerMessageBodyWriter<Json.Writable> {

    @Override
    public boolean isWriteable(Class<?> type, Type generic, ResteasyReactiveResourceInfo target, MediaType media) {
        return Json.Writable.class.isAssignableFrom(type);
    }

    @Override
    public void writeResponse(Json.Writable body, Type generic, ServerRequestContext context) {
        context.serverResponse().end(Json.write(body));
    }

    @Override
    public boolean isWriteable(Class<?> type, Type generic, Annotation[] annotations, MediaType media) {
        return Json.Writable.class.isAssignableFrom(type);
    }

    @Override
    public void writeTo(
            Json.Writable body,
            Class<?> type,
            Type generic,
            Annotation[] annotations,
            MediaType media,
            MultivaluedMap<String, Object> headers,
            OutputStream out)
            throws IOException {
        out.write(Json.write(body));
    }
}
