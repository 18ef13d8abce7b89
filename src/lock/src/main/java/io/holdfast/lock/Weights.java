package io.holdfast.lock;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Estimates what an entry of the table takes of a heap, in bytes: what the quota in bytes is counted with. Every
 * replica comes to the same figure, whatever its JVM does; the fixed parts were measured with compressed pointers and
 * rounded up.
 */
final class Weights {

    private static final int SESSION = 400;
    private static final int GRANT = 220;

    /** A place with a lock of its own, which most places have. */
    private static final int PLACE = 240;

    private static final int NOTICE = 120;

    /** What is remembered of a session, or of a grant for the sake of its session. */
    static final int ENDED = 200;

    /** What is remembered of another grant. */
    static final int ENDED_GRANT = 130;

    /** Object, array and padding of a text that is not empty. */
    private static final int TEXT = 48;

    private static final int LATIN = 0xFF;

    private Weights() {}

    static int of(Session.Terms terms) {
        return SESSION + text(terms.key()) + text(terms.name()) + text(terms.metadata()) + owner(terms.owner());
    }

    static int ofAttachIds(String attachId, List<String> superseded) {
        int weight = text(attachId);
        for (String id : superseded) {
            weight += text(id);
        }
        return weight;
    }

    static int of(Grant.Ask ask) {
        int weight = GRANT + text(ask.grant()) + text(ask.metadata());
        for (Claim claim : ask.claims()) {
            weight += PLACE + text(claim.lock());
        }
        return weight;
    }

    static int of(Notice notice) {
        Yield yield = notice.yield();
        Breaking breaking = notice.breaking();
        int ofYield = yield == null ? 0 : NOTICE + text(yield.to());
        return ofYield + (breaking == null ? 0 : NOTICE + text(breaking.by()) + text(breaking.reason()));
    }

    static int ofClosed(String lock) {
        return PLACE + text(lock);
    }

    static int ofEnded(@Nullable String id, EndedView ended) {
        return ENDED + ofTexts(id, ended);
    }

    static int ofTexts(@Nullable String id, EndedView ended) {
        return text(id) + text(ended.note()) + owner(ended.owner());
    }

    /** All anonymous sessions share one string as their owner, which costs nothing more. */
    private static int owner(String owner) {
        return owner.equals(OnBehalf.ANONYMOUS) ? 0 : text(owner);
    }

    private static int text(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return 0;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) > LATIN) {
                return TEXT + 2 * text.length();
            }
        }
        return TEXT + text.length();
    }
}
