package io.holdfast.api;

import java.util.List;

/**
 * What became of a change of the members, or would become of it.
 *
 * @param dryRun whether nothing was done
 * @param changed whether there was anything to do
 * @param settled whether no member that left is needed any more
 * @param handsOver whether the leader handed over first
 * @param configuration the members from there on
 * @param warnings for people
 */
public record MembersChange(
        boolean dryRun,
        boolean changed,
        boolean settled,
        boolean handsOver,
        ClusterBody.Configuration configuration,
        List<String> warnings)
        implements Json.Writable {

    /** Reads one. */
    public static MembersChange read(JsonReader in) throws MalformedJsonException {
        Boolean dryRun = null;
        Boolean changed = null;
        Boolean settled = null;
        Boolean handsOver = null;
        ClusterBody.Configuration configuration = null;
        List<String> warnings = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "dryRun" -> dryRun = in.bool();
                case "changed" -> changed = in.bool();
                case "settled" -> settled = in.bool();
                case "handsOver" -> handsOver = in.bool();
                case "configuration" -> configuration = ClusterBody.Configuration.read(in);
                case "warnings" -> warnings = in.list(JsonReader::text);
                default -> in.skip();
            }
        }
        return new MembersChange(
                in.required("dryRun", dryRun),
                in.required("changed", changed),
                in.required("settled", settled),
                in.required("handsOver", handsOver),
                in.required("configuration", configuration),
                in.required("warnings", warnings));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("dryRun", dryRun)
                .field("changed", changed)
                .field("settled", settled)
                .field("handsOver", handsOver)
                .field("configuration", configuration)
                .texts("warnings", warnings)
                .end();
    }
}
