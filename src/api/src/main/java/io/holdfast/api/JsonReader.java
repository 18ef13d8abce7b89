package io.holdfast.api;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one document forward, strict about types, and tolerant of fields that it is not asked for unless it reads a
 * request ({@link Json#readRequest}). Used by one thread.
 *
 * <p>An object is read by {@code in.beginObject(); while (in.nextField()) switch (in.field()) …}, each case reading the
 * value and the default calling {@link #skip()}. A field whose value is {@code null} counts as absent.
 */
public final class JsonReader {

    /** Characters of what the parser says at most. */
    private static final int REASON_MAX = 200;

    private final JsonParser parser;
    private final byte[] document;
    private final boolean strict;
    private String field = "";

    JsonReader(JsonParser parser, byte[] document, boolean strict) {
        this.parser = parser;
        this.document = document;
        this.strict = strict;
    }

    /** Enters an object. */
    public void beginObject() throws MalformedJsonException {
        JsonToken token = parser.currentToken();
        expect(JsonToken.START_OBJECT, token == null ? next() : token);
    }

    /** Moves to the value of the next field that has one; returns false at the end of the object. */
    public boolean nextField() throws MalformedJsonException {
        while (next() == JsonToken.FIELD_NAME) {
            field = name();
            if (next() != JsonToken.VALUE_NULL) {
                return true;
            }
        }
        return false;
    }

    /** Name of the field whose value is next. */
    public String field() {
        return field;
    }

    /** Passes over the value of a field. */
    public void skip() throws MalformedJsonException {
        try {
            parser.skipChildren();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /**
     * Refuses a field that the body of a request does not have; where no request is read, passes over its value.
     *
     * @param known the fields that it has, in the order of the alphabet
     */
    public void unknown(String known) throws MalformedJsonException {
        if (strict) {
            throw new MalformedJsonException(path(), "is not a field of this body; it has " + known);
        }
        skip();
    }

    /** Reads a text. */
    public String text() throws MalformedJsonException {
        expect(JsonToken.VALUE_STRING, parser.currentToken());
        try {
            return parser.getText();
        } catch (IOException e) {
            throw new MalformedJsonException(path(), "cannot be read" + reason(e), e);
        }
    }

    /** Reads true or false. */
    public boolean bool() throws MalformedJsonException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw wrong("true or false");
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /** Reads a whole number of at most 63 bits. */
    public long integer() throws MalformedJsonException {
        expect(JsonToken.VALUE_NUMBER_INT, parser.currentToken());
        try {
            return parser.getLongValue();
        } catch (IOException e) {
            throw wrong("a whole number of 63 bits at most");
        }
    }

    /** Reads a whole number of a request; one beyond an int becomes the greatest or least, for the rules to refuse. */
    public int nearestInt() throws MalformedJsonException {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, integer()));
    }

    /** Reads a whole number of milliseconds, or of things: 0 or more. */
    public long count() throws MalformedJsonException {
        long value = integer();
        if (value < 0) {
            throw new MalformedJsonException(path(), "is " + value + ", less than 0");
        }
        return value;
    }

    /** Reads a whole number from 0 to 2^31 - 1. */
    public int smallCount() throws MalformedJsonException {
        long value = count();
        if (value > Integer.MAX_VALUE) {
            throw new MalformedJsonException(path(), "is " + value + ", more than " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /** Reads a fencing token, 1 to {@link Tokens#MAX}. */
    public long token() throws MalformedJsonException {
        long value = integer();
        if (!Tokens.isToken(value)) {
            throw new MalformedJsonException(path(), "is " + value + ", no fencing token");
        }
        return value;
    }

    /** Reads a list. */
    public <T> List<T> list(Json.Reader<T> element) throws MalformedJsonException {
        expect(JsonToken.START_ARRAY, parser.currentToken());
        List<T> values = new ArrayList<>();
        while (next() != JsonToken.END_ARRAY) {
            values.add(element.read(this));
        }
        return List.copyOf(values);
    }

    /** Reads any object as the text that stands there, unchanged; of a request, as compact text. */
    public Metadata metadata() throws MalformedJsonException {
        expect(JsonToken.START_OBJECT, parser.currentToken());
        String place = path();
        try {
            if (strict) {
                return Metadata.read(Json.compact(parser));
            }
            int begin = (int) parser.currentTokenLocation().getByteOffset();
            parser.skipChildren();
            int end = (int) parser.currentLocation().getByteOffset();
            return Metadata.read(new String(document, begin, end - begin, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new MalformedJsonException(place, "cannot be read" + reason(e), e);
        }
    }

    /** Returns a value that must be there. */
    public <T> T required(String name, @Nullable T value) throws MalformedJsonException {
        if (value == null) {
            throw new MalformedJsonException(path() + (path().isEmpty() ? "" : ".") + name, "is missing");
        }
        return value;
    }

    /** Requires that the document ends here. */
    void end() throws MalformedJsonException {
        if (nextOrEnd() != null) {
            throw new MalformedJsonException("", "must be one JSON value: something follows it");
        }
    }

    private JsonToken next() throws MalformedJsonException {
        JsonToken token = nextOrEnd();
        if (token == null) {
            throw new MalformedJsonException("", "must be one JSON value: it is cut off");
        }
        return token;
    }

    private @Nullable JsonToken nextOrEnd() throws MalformedJsonException {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private String name() throws MalformedJsonException {
        try {
            return parser.currentName();
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    private void expect(JsonToken wanted, @Nullable JsonToken found) throws MalformedJsonException {
        if (found != wanted) {
            throw wrong(
                    switch (wanted) {
                        case START_OBJECT -> "a JSON object";
                        case START_ARRAY -> "an array";
                        case VALUE_STRING -> "a string";
                        default -> "a whole number";
                    });
        }
    }

    private MalformedJsonException wrong(String wanted) {
        return new MalformedJsonException(path(), "must be " + wanted + place(parser.currentTokenLocation()));
    }

    /** Returns where the parser is, as {@code locks[2].name}; empty for the document itself. */
    private String path() {
        Deque<JsonStreamContext> steps = new ArrayDeque<>();
        for (JsonStreamContext step = parser.getParsingContext(); step != null; step = step.getParent()) {
            steps.push(step);
        }
        StringBuilder path = new StringBuilder();
        for (JsonStreamContext step : steps) {
            if (step.inArray() && step.hasCurrentIndex()) {
                path.append('[').append(step.getCurrentIndex()).append(']');
            } else if (step.inObject() && step.hasCurrentName()) {
                path.append(path.isEmpty() ? "" : ".").append(step.getCurrentName());
            }
        }
        return path.toString();
    }

    /** Says that a document is no JSON, and where. */
    static MalformedJsonException unreadable(IOException e) {
        return new MalformedJsonException("", "must be one JSON value" + reason(e), e);
    }

    private static String reason(IOException e) {
        if (!(e instanceof JsonProcessingException json)) {
            return ": no UTF-8: " + e.getMessage();
        }
        String first = json.getOriginalMessage().lines().findFirst().orElse("").replaceAll(" \\(start marker.*", "");
        return place(json.getLocation())
                + ": "
                + (first.length() <= REASON_MAX ? first : first.substring(0, REASON_MAX) + "…");
    }

    private static String place(@Nullable JsonLocation at) {
        return at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
    }
}
