package io.holdfast.client.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** A map of the entries that were used last: addresses come and go for as long as a client lives. Any thread. */
final class Recent {

    private Recent() {}

    /** Returns an empty map, which evicts the entry that was used least recently once it has more than {@code max}. */
    static <K, V> Map<K, V> map(int max) {
        return Collections.synchronizedMap(new LinkedHashMap<K, V>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > max;
            }
        });
    }
}
