package io.holdfast.server.health;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.holdfast.ensemble.Eventually;
import io.quarkus.test.junit.QuarkusTest;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
class NodeHealthTest {

    @ParameterizedTest
    @ValueSource(strings = {"live", "ready", "started"})
    void anEnsembleOfOneIsWell(String probe) throws Exception {
        // A node is ready once it has asked itself what clients ask; that may take longer than its start.
        Eventually.await(
                probe + " is up",
                Duration.ofMinutes(1),
                () -> given().get("/q/health/" + probe).statusCode() == 200);
        given().get("/q/health/" + probe).then().statusCode(200).body("status", equalTo("UP"));
    }

    @Test
    void theNodeSaysWhatItMeasures() {
        given().get("/v1/cluster").then().statusCode(200).body("alarms", notNullValue());
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("holdfast_role{role=\"leader\"} 1.0"))
                .body(containsString("holdfast_log_fsync_seconds_count"))
                .body(containsString("holdfast_commit_seconds_count"))
                .body(containsString("holdfast_commit_seconds_bucket{le=\"0.005\"}"))
                .body(containsString("holdfast_build_info{java="))
                .body(containsString("holdfast_http_connections "))
                .body(containsString("holdfast_disk_free_bytes "))
                .body(containsString("holdfast_apply_lag_transactions "))
                .body(containsString("holdfast_requests_failed_total{reason=\"no-leader\"}"))
                .body(containsString("route=\"/v1/cluster\""))
                .body(not(containsString("quantile=")))
                .body(containsString("holdfast_sessions"));
    }
}
