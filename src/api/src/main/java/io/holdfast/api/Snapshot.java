package io.holdfast.api;

/**
 * A snapshot on the disk of the answering node.
 *
 * @param revision of the state in it
 * @param bytes length of its file
 */
public record Snapshot(String revision, long bytes) implements Json.Writable {

    /** Reads one. */
    public static Snapshot read(JsonReader in) throws MalformedJsonException {
        String revision = null;
        Long bytes = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "revision" -> revision = in.text();
                case "bytes" -> bytes = in.count();
                default -> in.skip();
            }
        }
        return new Snapshot(in.required("revision", revision), in.required("bytes", bytes));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin().field("revision", revision).field("bytes", bytes).end();
    }
}
