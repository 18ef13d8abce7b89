package io.holdfast.server.edge;

import io.holdfast.fuzz.FuzzTarget;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/** Headers that the edge reads. */
public final class EdgeTargets {

    private EdgeTargets() {}

    /** Returns those of this package. */
    public static List<FuzzTarget> all() {
        return List.of(new FuzzTarget(
                "traces",
                Set.of(TraceParent.class),
                FuzzTarget.texts(List.of("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")),
                1_000,
                Set.of(),
                input -> TraceParent.suffix(MultiMap.caseInsensitiveMultiMap()
                        .add("traceparent", new String(input, StandardCharsets.ISO_8859_1)))));
    }
}
