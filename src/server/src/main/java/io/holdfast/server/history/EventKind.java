package io.holdfast.server.history;

import io.holdfast.lock.Change;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The kinds of changes by the names that clients know them by. */
public final class EventKind {

    /** A leader of a new epoch had its first transaction committed. */
    public static final String LEADER_CHANGED = "leader-changed";

    /** Another configuration of the ensemble came into force. */
    public static final String MEMBER_CHANGED = "member-changed";

    /** All of them, in the order of the lock table's own. */
    public static final List<String> ALL;

    private static final Map<Change.Kind, String> NAMES = new EnumMap<>(Change.Kind.class);

    static {
        for (Change.Kind kind : Change.Kind.values()) {
            NAMES.put(kind, kind.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        List<String> all = new ArrayList<>(NAMES.values());
        all.add(LEADER_CHANGED);
        all.add(MEMBER_CHANGED);
        ALL = List.copyOf(all);
    }

    private EventKind() {}

    /** Returns the words of a text with commas between them, whether or not they are kinds; none when it is empty. */
    public static List<String> list(String text) {
        return text.isEmpty() ? List.of() : List.of(text.split(",", -1));
    }

    static String of(Change.Kind kind) {
        return String.valueOf(NAMES.get(kind));
    }
}
