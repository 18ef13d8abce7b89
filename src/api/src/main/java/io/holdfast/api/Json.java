package io.holdfast.api;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;

/** Documents of the API from bytes and to bytes. */
public final class Json {

    /** Objects and lists inside each other at most in a request, of which metadata may have the most. */
    static final int REQUEST_DEPTH_MAX = 32;

    /** The same in any document: the metadata of a request is deeper inside of a listing. */
    static final int DEPTH_MAX = 80;

    /** Bytes of a document at most. The longest answer, a thousand grants with their metadata, has about 6 MiB. */
    public static final int DOCUMENT_BYTES_MAX = 16 << 20;

    /** UTF-16 units of a text at most. */
    static final int TEXT_CHARS_MAX = 64 << 10;

    /** The API has whole numbers of 63 bits; metadata may have others. */
    private static final int NUMBER_CHARS_MAX = 1000;

    private static final int FIELD_CHARS_MAX = 4096;

    private static final JsonFactory FACTORY = factory(DEPTH_MAX);
    private static final JsonFactory REQUESTS = factory(REQUEST_DEPTH_MAX);

    private Json() {}

    private static JsonFactory factory(int depthMax) {
        return JsonFactory.builder()
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(depthMax)
                        .maxDocumentLength(DOCUMENT_BYTES_MAX)
                        .maxStringLength(TEXT_CHARS_MAX)
                        .maxNumberLength(NUMBER_CHARS_MAX)
                        .maxNameLength(FIELD_CHARS_MAX)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                .disable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                .build();
    }

    /** Reads one value; the parser stands before it. */
    @FunctionalInterface
    public interface Reader<T> {
        /**
         * Reads it.
         *
         * @throws MalformedJsonException when it is not what the API says
         */
        T read(JsonReader in) throws MalformedJsonException;
    }

    /** A document that can be written. */
    @FunctionalInterface
    public interface Writable {
        /** Writes all of it, as one object. */
        void write(JsonWriter out);
    }

    /**
     * Reads a whole document.
     *
     * @param document JSON in UTF-8, at most {@link #DOCUMENT_BYTES_MAX}
     * @throws MalformedJsonException when it is not what the reader reads, or something follows it
     */
    public static <T> T read(byte[] document, Reader<T> reader) throws MalformedJsonException {
        return read(document, reader, false);
    }

    /**
     * Reads a request to the letter: a field that it does not have is refused by its name, so that a misspelt one is
     * never taken for one that was left out. What is missing, or out of range, is left to the receiver's rules.
     * Metadata becomes compact.
     *
     * @param document JSON in UTF-8, at most {@link #DOCUMENT_BYTES_MAX}
     * @throws MalformedJsonException when it is not what the reader reads, or something follows it
     */
    public static <T> T readRequest(byte[] document, Reader<T> reader) throws MalformedJsonException {
        return read(document, reader, true);
    }

    private static <T> T read(byte[] document, Reader<T> reader, boolean strict) throws MalformedJsonException {
        if (document.length > DOCUMENT_BYTES_MAX) {
            throw new MalformedJsonException(
                    "", "has " + document.length + " bytes; " + DOCUMENT_BYTES_MAX + " are the most that is read");
        }
        try (JsonParser parser = (strict ? REQUESTS : FACTORY).createParser(document)) {
            JsonReader in = new JsonReader(parser, document, strict);
            T value = reader.read(in);
            in.end();
            return value;
        } catch (MalformedJsonException e) {
            throw e;
        } catch (IOException e) {
            throw JsonReader.unreadable(e);
        }
    }

    /** Returns the object at which the parser is as compact JSON, numbers to the last digit; then it is at its end. */
    static String compact(JsonParser parser) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator generator = FACTORY.createGenerator(text)) {
            int depth = 0;
            do {
                generator.copyCurrentEventExact(parser);
                depth += parser.currentToken().isStructStart()
                        ? 1
                        : parser.currentToken().isStructEnd() ? -1 : 0;
            } while (depth > 0 && parser.nextToken() != null);
        }
        return text.toString();
    }

    /** Returns the document as JSON in UTF-8. */
    public static byte[] write(Writable document) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (JsonGenerator generator = FACTORY.createGenerator(bytes, JsonEncoding.UTF8)) {
            document.write(new JsonWriter(generator));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
