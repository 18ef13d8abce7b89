package io.holdfast.api;

/**
 * One session in a cycle of sessions that wait for each other; it waits for the next one, the last for the first.
 *
 * @param session its id
 * @param sessionName as given when the session was opened
 * @param grant id of its ticket
 * @param lock where that ticket waits behind a grant of the next session
 */
public record CycleStep(String session, String sessionName, String grant, String lock) implements Json.Writable {

    /** Reads one. */
    public static CycleStep read(JsonReader in) throws MalformedJsonException {
        String session = null;
        String sessionName = null;
        String grant = null;
        String lock = null;
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "session" -> session = in.text();
                case "sessionName" -> sessionName = in.text();
                case "grant" -> grant = in.text();
                case "lock" -> lock = in.text();
                default -> in.skip();
            }
        }
        return new CycleStep(
                in.required("session", session),
                in.required("sessionName", sessionName),
                in.required("grant", grant),
                in.required("lock", lock));
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("session", session)
                .field("sessionName", sessionName)
                .field("grant", grant)
                .field("lock", lock)
                .end();
    }
}
