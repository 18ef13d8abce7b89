package io.holdfast.simulator.scope;

import io.holdfast.zab.core.Effects;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A number for all that an object of the core knows, over all that it refers to: two servers with the same number do
 * the same with the same events.
 *
 * <p>Times count as they are seen from now, since nothing else matters of them, and as "long ago" when every limit is
 * over. What only grows and is only ever compared with itself is left out.
 */
final class Fingerprint {

    /** Times are near this, and nothing else is. */
    static final long BEGINNING = 100_000_000_000_000_000L;

    private static final long LONG_AGO = 500_000_000_000L;

    /** Class and field: counters of records since the start, and the rounds of elections, which this scope decides. */
    private static final Set<String> LEFT_OUT = Set.of(
            "Replica.appendedRecords",
            "Replica.persistedRecords",
            "Replica.config",
            "Replica.recovered",
            "Election.round",
            "Notification.round");

    private static final Map<Class<?>, List<Field>> FIELDS = new HashMap<>();

    private final long now;
    private final IdentityHashMap<Object, Integer> seen = new IdentityHashMap<>();
    private long hash = 17;

    private Fingerprint(long now) {
        this.now = now;
    }

    static long of(Object root, long now) {
        Fingerprint print = new Fingerprint(now);
        print.add(root);
        return print.hash;
    }

    static long mix(long hash, long value) {
        long h = (hash ^ value) * 0x9E37_79B9_7F4A_7C15L;
        h = (h ^ h >>> 32) * 0xFF51_AFD7_ED55_8CCDL;
        return h ^ h >>> 29;
    }

    private void add(long value) {
        hash = mix(hash, value);
    }

    private void addLong(long value) {
        if (value > BEGINNING / 2 && value < BEGINNING * 2) {
            add(Math.max(-LONG_AGO, Math.min(LONG_AGO, value - now)));
        } else {
            add(value);
        }
    }

    private void add(@Nullable Object value) {
        if (value == null) {
            add(1);
        } else if (value instanceof Long number) {
            addLong(number);
        } else if (value instanceof Number number) {
            add(number.longValue());
        } else if (value instanceof Boolean flag) {
            add(flag ? 3 : 5);
        } else if (value instanceof Enum<?> constant) {
            add(constant.name().hashCode());
        } else if (value instanceof CharSequence text) {
            add(text.toString().hashCode());
        } else if (value instanceof Collection<?> all) {
            add(all.size() + 11);
            all.forEach(this::add);
        } else if (value instanceof Map<?, ?> map) {
            add(map.size() + 13);
            map.forEach((key, each) -> {
                add(key);
                add(each);
            });
        } else if (value.getClass().isArray()) {
            addArray(value);
        } else {
            addObject(value);
        }
    }

    private void addArray(Object array) {
        for (int i = 0; i < Array.getLength(array); i++) {
            Object each = Array.get(array, i);
            if (each != null) {
                add(i);
                add(each);
            }
        }
    }

    private void addObject(Object value) {
        String type = value.getClass().getName();
        if (!type.startsWith("io.holdfast.") || value.getClass().isHidden() || value instanceof Effects) {
            return;
        }
        Integer before = seen.putIfAbsent(value, seen.size());
        if (before != null) {
            add(before);
            return;
        }
        add(type.hashCode());
        try {
            for (Field field : fieldsOf(value.getClass())) {
                if (field.getType() == long.class) {
                    addLong(field.getLong(value));
                } else {
                    add(field.get(value));
                }
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<Field> fieldsOf(Class<?> type) {
        return FIELDS.computeIfAbsent(type, key -> {
            List<Field> fields = new ArrayList<>();
            for (Class<?> at = key; at != null && at != Object.class; at = at.getSuperclass()) {
                for (Field field : at.getDeclaredFields()) {
                    String name = at.getSimpleName() + "." + field.getName();
                    if (!Modifier.isStatic(field.getModifiers()) && !LEFT_OUT.contains(name)) {
                        fields.add(field);
                    }
                }
            }
            AccessibleObject.setAccessible(fields.toArray(AccessibleObject[]::new), true);
            return fields;
        });
    }
}
