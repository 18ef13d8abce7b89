package io.holdfast.nodes;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What the recipe table of the API page promises to those who come from another lock service, against three nodes;
 * {@code RecipeTableTest} checks that each row of the table names its tests here.
 */
class RecipesIT {

    @RegisterExtension
    static final SharedNodes NODES = new SharedNodes(
            3,
            blueprint -> Nodes.patient(blueprint)
                    .with("holdfast.events.bookmark", "500ms")
                    // Longer than a test waits for the end of a node, which therefore must not be waited for by
                    // anything.
                    .with("quarkus.shutdown.timeout", "10m"));

    @Nested
    class Locks extends LockRecipes {}

    @Nested
    class Semaphores extends SemaphoreRecipes {}

    @Nested
    class Sessions extends SessionRecipes {}

    @Nested
    class Watches extends WatchRecipes {}
}
