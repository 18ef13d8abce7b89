package io.holdfast.quarkus;

import io.holdfast.client.internal.PageCode;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/**
 * The code of docs/guides/quarkus-cdi.md: what stands there is in the application that {@link TwoApplicationsIT} runs.
 */
class QuarkusCdiPageTest {

    @Test
    void theCodeOfThePageIsThatOfTheApplication() throws IOException {
        PageCode.assertPartOf("docs/guides/quarkus-cdi.md", 5, "src/adapters/quarkus-tests/src/main/java");
    }
}
