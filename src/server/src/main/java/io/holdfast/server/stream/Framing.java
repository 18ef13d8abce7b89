package io.holdfast.server.stream;

import io.holdfast.lock.Revision;
import io.holdfast.server.history.Message;
import io.netty.buffer.ByteBuf;

/** How the messages of one stream are put into bytes. */
abstract class Framing {

    /** Writes what comes before the first message. */
    abstract void begin(Outbox out);

    /** Writes a message; answers whether its bytes were there. */
    abstract boolean message(Outbox out, Message message);

    /** Writes what comes after the last message; a reader goes on from {@code cursor}. */
    abstract void end(Outbox out, long cursor);

    static Framing sse() {
        return new Framing() {
            @Override
            void begin(Outbox out) {
                out.add("retry: 1000\n\n");
            }

            @Override
            boolean message(Outbox out, Message message) {
                ByteBuf bytes = message.sse();
                if (bytes != null) {
                    out.add(bytes);
                }
                return bytes != null;
            }

            @Override
            void end(Outbox out, long cursor) {
                // The end of the body says it.
            }
        };
    }

    /** One JSON document with the messages of a batch. */
    static Framing json() {
        return new Framing() {
            private String comma = "";

            @Override
            void begin(Outbox out) {
                out.add("{\"events\":[");
            }

            @Override
            boolean message(Outbox out, Message message) {
                ByteBuf data = message.data();
                if (data == null) {
                    return false;
                }
                String id = message.id();
                out.add(comma + (id == null ? "{\"event\":\"" : "{\"id\":\"" + id + "\",\"event\":\"") + message.event()
                        + "\",\"data\":");
                out.add(data);
                out.add("}");
                comma = ",";
                return true;
            }

            @Override
            void end(Outbox out, long cursor) {
                out.add("],\"next\":\"" + Revision.text(cursor) + "\"}");
            }
        };
    }
}
