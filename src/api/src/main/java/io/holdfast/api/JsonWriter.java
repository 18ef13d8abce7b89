package io.holdfast.api;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes one document forward; a field whose value is null is left out. Used by one thread. */
public final class JsonWriter {

    private final JsonGenerator generator;

    JsonWriter(JsonGenerator generator) {
        this.generator = generator;
    }

    /** Begins an object. */
    public JsonWriter begin() {
        return step(generator::writeStartObject);
    }

    /** Ends an object. */
    public void end() {
        step(generator::writeEndObject);
    }

    /** Writes a text. */
    public JsonWriter field(String name, @Nullable String value) {
        return value == null ? this : step(() -> generator.writeStringField(name, value));
    }

    /** Writes a whole number. */
    public JsonWriter field(String name, @Nullable Long value) {
        return value == null ? this : step(() -> generator.writeNumberField(name, value));
    }

    /** Writes a whole number. */
    public JsonWriter field(String name, @Nullable Integer value) {
        return value == null ? this : step(() -> generator.writeNumberField(name, value));
    }

    /** Writes true or false. */
    public JsonWriter field(String name, @Nullable Boolean value) {
        return value == null ? this : step(() -> generator.writeBooleanField(name, value));
    }

    /** Writes an object that is text already. */
    public JsonWriter field(String name, @Nullable Metadata value) {
        return value == null
                ? this
                : step(() -> {
                    generator.writeFieldName(name);
                    generator.writeRawValue(value.json());
                });
    }

    /** Writes an object. */
    public JsonWriter field(String name, Json.@Nullable Writable value) {
        return value == null
                ? this
                : step(() -> {
                    generator.writeFieldName(name);
                    value.write(this);
                });
    }

    /** Writes a list of objects. */
    public JsonWriter list(String name, @Nullable List<? extends Json.Writable> values) {
        return values == null
                ? this
                : step(() -> {
                    generator.writeArrayFieldStart(name);
                    values.forEach(value -> value.write(this));
                    generator.writeEndArray();
                });
    }

    /** Writes a list of texts. */
    public JsonWriter texts(String name, @Nullable List<String> values) {
        return values == null
                ? this
                : step(() -> {
                    generator.writeArrayFieldStart(name);
                    for (String value : values) {
                        generator.writeString(value);
                    }
                    generator.writeEndArray();
                });
    }

    private interface Step {
        void run() throws IOException;
    }

    private JsonWriter step(Step step) {
        try {
            step.run();
        } catch (IOException e) {
            // The bytes go to memory; what is refused here is a text with half a surrogate pair.
            throw new UncheckedIOException(e);
        }
        return this;
    }
}
