package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The caller that the credential of a request makes.
 *
 * @param principal how it was proved, and its name; {@code anonymous} without a credential
 * @param groups that the credential puts it into
 * @param attributes what else the credential says, by name
 * @param until when the credential ends, as {@code 2026-11-30T05:00:00Z}; absent when it does not
 */
public record Whoami(
        String principal,
        List<String> groups,
        List<Attribute> attributes,
        @Nullable String until) implements Json.Writable {

    /** Copies the lists. */
    public Whoami {
        groups = List.copyOf(groups);
        attributes = List.copyOf(attributes);
    }

    /**
     * What a credential says beside its principal, as {@code k8s.namespace}.
     *
     * @param name of it
     * @param value of it
     */
    public record Attribute(String name, String value) implements Json.Writable {

        static Attribute read(JsonReader in) throws MalformedJsonException {
            String name = null;
            String value = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "name" -> name = in.text();
                    case "value" -> value = in.text();
                    default -> in.skip();
                }
            }
            return new Attribute(in.required("name", name), in.required("value", value));
        }

        @Override
        public void write(JsonWriter out) {
            out.begin().field("name", name).field("value", value).end();
        }
    }

    /** Reads one. */
    public static Whoami read(JsonReader in) throws MalformedJsonException {
        String principal = null;
        List<String> groups = null;
        List<Attribute> attributes = null;
        String until = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "principal" -> principal = in.text();
                case "groups" -> groups = in.list(JsonReader::text);
                case "attributes" -> attributes = in.list(Attribute::read);
                case "until" -> until = in.text();
                default -> in.skip();
            }
        }
        return new Whoami(
                in.required("principal", principal),
                in.required("groups", groups),
                in.required("attributes", attributes),
                until);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("principal", principal).texts("groups", groups).list("attributes", attributes);
        out.field("until", until).end();
    }
}
