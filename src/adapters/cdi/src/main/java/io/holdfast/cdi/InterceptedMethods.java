package io.holdfast.cdi;

import io.holdfast.api.Durations;
import jakarta.enterprise.context.ApplicationScoped;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The methods with {@link Locked} or {@link LeaderOnly} that were called, read once each. */
@ApplicationScoped
class InterceptedMethods {

    private static final Duration DURATION_MAX = Duration.ofHours(24);

    private final Map<Key, Locking> locking = new ConcurrentHashMap<>();
    private final Map<Key, Leading> leading = new ConcurrentHashMap<>();

    /** A method, which two classes may inherit with an annotation each. */
    private record Key(Method method, Annotation annotation) {}

    /**
     * What {@link Locked} says.
     *
     * @param place names annotation and method in messages
     */
    record Locking(
            NameTemplate name, Duration waitFor, Duration closedFor, boolean skips, Returns returns, String place) {}

    /**
     * What {@link LeaderOnly} says.
     *
     * @param place names annotation and method in messages
     */
    record Leading(String election, boolean skips, Returns returns, String place) {}

    /**
     * Reads it.
     *
     * @throws IllegalArgumentException with what is wrong with the annotation
     */
    Locking of(Method method, Locked annotation) {
        return locking.computeIfAbsent(new Key(method, annotation), key -> read(method, annotation));
    }

    /** The same. */
    Leading of(Method method, LeaderOnly annotation) {
        return leading.computeIfAbsent(new Key(method, annotation), key -> read(method, annotation));
    }

    private static Locking read(Method method, Locked locked) {
        String place = place("@Locked ", method);
        Returns returns = Returns.of(method, locked.onBusy(), place);
        Duration closedFor = duration(place + " has closedFor", locked.closedFor());
        if (!closedFor.isZero() && returns.kind() != Returns.Kind.VALUE) {
            throw new IllegalArgumentException(place + " has closedFor, which an asynchronous method cannot have");
        }
        return new Locking(
                new NameTemplate(locked.name(), method),
                duration(place + " has waitFor", locked.waitFor()),
                closedFor,
                locked.onBusy() == OnBusy.SKIP,
                returns,
                place);
    }

    private static Duration duration(String what, String text) {
        return Durations.parse(text)
                .filter(time -> time.compareTo(DURATION_MAX) <= 0)
                .orElseThrow(() -> new IllegalArgumentException(
                        what + " = \"" + text + "\": give " + Durations.FORM + ", 24h at most"));
    }

    private static Leading read(Method method, LeaderOnly leader) {
        String place = place("@LeaderOnly ", method);
        return new Leading(
                NameTemplate.escape(leader.value(), place),
                leader.onFollower() == OnBusy.SKIP,
                Returns.of(method, leader.onFollower(), place),
                place);
    }

    private static String place(String annotation, Method method) {
        return annotation + method.getDeclaringClass().getSimpleName() + "." + method.getName();
    }
}
