package io.holdfast.operator.plan.model;

import io.holdfast.operator.plan.Stage;
import java.util.Objects;
import java.util.stream.Stream;

/** How the pods of a world secure their connections, by the names of their templates. */
final class Stages {

    private static final char MARK = '+';

    private Stages() {}

    /** Returns the template that is another one but for the stage. */
    static String named(String template, Stage stage) {
        return template + MARK + stage;
    }

    /** Returns a template without its stage. */
    static String imageOf(String template) {
        int mark = template.indexOf(MARK);
        return mark < 0 ? template : template.substring(0, mark);
    }

    /** Returns how the members that have a template secure their connections. */
    static Stage of(World world, String template) {
        int mark = template.indexOf(MARK);
        return mark < 0 ? world.unnamed : Stage.valueOf(template.substring(mark + 1));
    }

    /** Returns with how many others that serve a pod talks without TLS. */
    static int plainLinks(World world, World.Pod pod) {
        boolean isPlain = of(world, pod.template) == Stage.PLAIN;
        return (int) serving(world)
                .filter(other -> !other.uid.equals(pod.uid))
                .filter(other -> isPlain || of(world, other.template) == Stage.PLAIN)
                .count();
    }

    /** Returns the pods whose servers talk with each other. */
    static Stream<World.Pod> serving(World world) {
        return Stream.concat(
                        world.seats.values().stream().map(seat -> seat.pod),
                        world.groups.values().stream().flatMap(group -> group.pods.values().stream()))
                .filter(Objects::nonNull)
                .filter(World.Pod::serves);
    }
}
