package io.holdfast.api;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Documents of the API from bytes and to bytes. */
public final class Json {

    /** Objects and lists inside each other at most; the API needs 6, metadata may have more. */
    static final int DEPTH_MAX = 64;

    /** Bytes of a document at most. The longest answer, a thousand grants with their metadata, has about 6 MiB. */
    public static final int DOCUMENT_BYTES_MAX = 16 << 20;

    /** UTF-16 units of a text at most. */
    static final int TEXT_CHARS_MAX = 64 << 10;

    private static final int NUMBER_CHARS_MAX = 32;
    private static final int FIELD_CHARS_MAX = 4096;

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(DEPTH_MAX)
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

    private Json() {}

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
        if (document.length > DOCUMENT_BYTES_MAX) {
            throw new MalformedJsonException("a document of " + document.length + " bytes; " + DOCUMENT_BYTES_MAX
                    + " are the most that is read");
        }
        try (JsonParser parser = FACTORY.createParser(document)) {
            JsonReader in = new JsonReader(parser, document);
            T value = reader.read(in);
            in.end();
            return value;
        } catch (MalformedJsonException e) {
            throw e;
        } catch (JsonProcessingException e) {
            throw new MalformedJsonException(e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new MalformedJsonException("no JSON in UTF-8: " + e.getMessage(), e);
        }
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
