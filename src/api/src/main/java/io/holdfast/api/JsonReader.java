package io.holdfast.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads one document forward, strict about types and tolerant of fields that it is not asked for. Used by one thread.
 *
 * <p>An object is read by {@code in.beginObject(); while (in.nextField()) switch (in.field()) …}, each case reading the
 * value and the default calling {@link #skip()}. A field whose value is {@code null} counts as absent.
 */
public final class JsonReader {

    private final JsonParser parser;
    private final byte[] document;
    private String field = "";

    JsonReader(JsonParser parser, byte[] document) {
        this.parser = parser;
        this.document = document;
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
            throw malformed(e);
        }
    }

    /** Reads a text. */
    public String text() throws MalformedJsonException {
        expect(JsonToken.VALUE_STRING, parser.currentToken());
        try {
            return parser.getText();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Reads true or false. */
    public boolean bool() throws MalformedJsonException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_TRUE && token != JsonToken.VALUE_FALSE) {
            throw wrong("true or false", token);
        }
        return token == JsonToken.VALUE_TRUE;
    }

    /** Reads a whole number of at most 63 bits. */
    public long integer() throws MalformedJsonException {
        expect(JsonToken.VALUE_NUMBER_INT, parser.currentToken());
        try {
            return parser.getLongValue();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    /** Reads a whole number of milliseconds, or of things: 0 or more. */
    public long count() throws MalformedJsonException {
        long value = integer();
        if (value < 0) {
            throw new MalformedJsonException(field + " is " + value + ", less than 0");
        }
        return value;
    }

    /** Reads a whole number from 0 to 2^31 - 1. */
    public int smallCount() throws MalformedJsonException {
        long value = count();
        if (value > Integer.MAX_VALUE) {
            throw new MalformedJsonException(field + " is " + value + ", more than " + Integer.MAX_VALUE);
        }
        return (int) value;
    }

    /** Reads a fencing token, 1 to {@link Tokens#MAX}. */
    public long token() throws MalformedJsonException {
        long value = integer();
        if (!Tokens.isToken(value)) {
            throw new MalformedJsonException(field + " is " + value + ", no fencing token");
        }
        return value;
    }

    /** Reads a list. */
    public <T> List<T> list(Json.Reader<T> element) throws MalformedJsonException {
        expect(JsonToken.START_ARRAY, parser.currentToken());
        String of = field;
        List<T> values = new ArrayList<>();
        while (next() != JsonToken.END_ARRAY) {
            field = of;
            values.add(element.read(this));
        }
        return List.copyOf(values);
    }

    /** Reads any object as the text that stands there, unchanged. */
    public Metadata metadata() throws MalformedJsonException {
        expect(JsonToken.START_OBJECT, parser.currentToken());
        int begin = (int) parser.currentTokenLocation().getByteOffset();
        skip();
        int end = (int) parser.currentLocation().getByteOffset();
        return Metadata.read(new String(document, begin, end - begin, StandardCharsets.UTF_8));
    }

    /** Returns a value that must be there. */
    public <T> T required(String name, @Nullable T value) throws MalformedJsonException {
        if (value == null) {
            throw new MalformedJsonException(name + " is missing");
        }
        return value;
    }

    /** Requires that the document ends here. */
    void end() throws MalformedJsonException {
        if (nextOrEnd() != null) {
            throw new MalformedJsonException("something follows the document");
        }
    }

    private JsonToken next() throws MalformedJsonException {
        JsonToken token = nextOrEnd();
        if (token == null) {
            throw new MalformedJsonException("the document is cut off");
        }
        return token;
    }

    private @Nullable JsonToken nextOrEnd() throws MalformedJsonException {
        try {
            return parser.nextToken();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private String name() throws MalformedJsonException {
        try {
            return parser.currentName();
        } catch (IOException e) {
            throw malformed(e);
        }
    }

    private void expect(JsonToken wanted, @Nullable JsonToken found) throws MalformedJsonException {
        if (found != wanted) {
            throw wrong(wanted.name(), found);
        }
    }

    private MalformedJsonException wrong(String wanted, @Nullable JsonToken found) {
        return new MalformedJsonException(
                (field.isEmpty() ? "the document" : field) + " is " + found + ", not " + wanted);
    }

    private static MalformedJsonException malformed(IOException e) {
        String message = e instanceof JsonProcessingException json ? json.getOriginalMessage() : e.getMessage();
        return new MalformedJsonException(String.valueOf(message), e);
    }
}
