package io.holdfast.server.health;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class NodeHealthTest {

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void anEnsembleOfOneIsWell(String probe) {
        given().get("/q/health/" + probe).then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void theNodeSaysWhatItMeasures() {
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("holdfast_role{role=\"leader\"} 1.0"))
                .body(containsString("holdfast_log_fsync_seconds_count"))
                .body(containsString("holdfast_commit_seconds_count"))
                .body(containsString("holdfast_sessions"));
    }
}
