package io.holdfast.api;

import org.jspecify.annotations.Nullable;

/**
 * Whether a rule allows something.
 *
 * @param allowed whether one does
 * @param policy the policy that it is in; absent when none does
 */
public record AclVerdict(boolean allowed, @Nullable String policy) implements Json.Writable {

    /** Reads one. */
    public static AclVerdict read(JsonReader in) throws MalformedJsonException {
        Boolean allowed = null;
        String policy = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "allowed" -> allowed = in.bool();
                case "policy" -> policy = in.text();
                default -> in.skip();
            }
        }
        return new AclVerdict(in.required("allowed", allowed), policy);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("allowed", allowed).field("policy", policy).end();
    }
}
