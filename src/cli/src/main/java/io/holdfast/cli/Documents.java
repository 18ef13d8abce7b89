package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import io.holdfast.api.Json;
import io.holdfast.api.JsonReader;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.Metadata;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Documents as they are, one a line. */
final class Documents {

    private static final JsonFactory FACTORY = new JsonFactory();

    private Documents() {}

    /** A document on one line: as it is, or without the white space around its parts when it has several lines. */
    static String oneLine(byte[] document) {
        String text = new String(document, StandardCharsets.UTF_8).strip();
        if (text.indexOf('\n') < 0 && text.indexOf('\r') < 0) {
            return text;
        }
        StringWriter line = new StringWriter();
        try (JsonParser parser = FACTORY.createParser(text);
                JsonGenerator generator = FACTORY.createGenerator(line)) {
            parser.nextToken();
            generator.copyCurrentStructure(parser);
        } catch (IOException e) {
            throw new IllegalStateException("it was read before", e);
        }
        return line.toString();
    }

    /** The events of a batch, each as it is. */
    static List<String> events(byte[] batch) {
        try {
            return Json.read(batch, Documents::events).stream()
                    .map(event -> oneLine(event.json().getBytes(StandardCharsets.UTF_8)))
                    .toList();
        } catch (MalformedJsonException e) {
            throw new IllegalStateException("it was read before", e);
        }
    }

    private static List<Metadata> events(JsonReader in) throws MalformedJsonException {
        List<Metadata> events = List.of();
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "events" -> events = in.list(JsonReader::metadata);
                default -> in.skip();
            }
        }
        return events;
    }
}
