package io.holdfast.server.stream;

import io.holdfast.lock.Revision;
import io.holdfast.server.history.Message;
import io.vertx.core.buffer.Buffer;

/** How the messages of one stream are put into bytes. */
abstract class Framing {

    /** Writes what comes before the first message. */
    abstract void begin(Buffer out);

    abstract void message(Buffer out, Message message);

    /** Writes what comes after the last message; a reader goes on from {@code cursor}. */
    abstract void end(Buffer out, long cursor);

    static Framing sse() {
        return new Framing() {
            @Override
            void begin(Buffer out) {
                out.appendString("retry: 1000\n\n");
            }

            @Override
            void message(Buffer out, Message message) {
                out.appendBytes(message.sse());
            }

            @Override
            void end(Buffer out, long cursor) {
                // The end of the body says it.
            }
        };
    }

    /** One JSON document with the messages of a batch. */
    static Framing json() {
        return new Framing() {
            private String comma = "";

            @Override
            void begin(Buffer out) {
                out.appendString("{\"events\":[");
            }

            @Override
            void message(Buffer out, Message message) {
                out.appendString(comma).appendString(message.json());
                comma = ",";
            }

            @Override
            void end(Buffer out, long cursor) {
                out.appendString("],\"next\":\"")
                        .appendString(Revision.text(cursor))
                        .appendString("\"}");
            }
        };
    }
}
