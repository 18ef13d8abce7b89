package io.holdfast.server.rest;

import static io.holdfast.server.rest.Api.fresh;
import static io.holdfast.server.rest.Api.json;
import static io.holdfast.server.rest.Api.notBefore;
import static io.holdfast.server.rest.Api.problem;
import static io.holdfast.server.rest.Api.session;
import static io.holdfast.server.rest.Api.take;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.server.replica.LockStateMachine;
import io.holdfast.server.replica.Revision;
import io.holdfast.zab.log.BackupFile;
import io.quarkus.test.junit.QuarkusTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

@QuarkusTest
class BackupResourceTest {

    @Test
    void aBackupHasWhatWasAcknowledgedBeforeIt() throws IOException {
        String grant = fresh("grant");
        String lock = fresh("lock");
        var taken = take(grant, session(), lock, "0s", "0s").statusCode(201).extract();
        long token = taken.jsonPath().getLong("token");
        var answer = given().get("/v1/cluster/backup")
                .then()
                .statusCode(200)
                .header("Content-Type", equalTo("application/vnd.holdfast.backup"))
                .header("Cache-Control", equalTo("no-store"))
                .header("Holdfast-Node", equalTo("1"))
                .header("Holdfast-Role", equalTo("leader"))
                .header("Holdfast-Revision", notBefore(taken.header("Holdfast-Revision")))
                .extract();
        byte[] bytes = answer.asByteArray();
        String revision = answer.header("Holdfast-Revision");
        assertEquals(bytes.length, Integer.parseInt(answer.header("Content-Length")));
        assertEquals(
                "attachment; filename=\"holdfast-holdfast-" + revision + ".backup\"",
                answer.header("Content-Disposition"));
        Path file = Files.write(Files.createTempFile("holdfast", ".backup"), bytes);
        file.toFile().deleteOnExit();
        try (BackupFile backup = BackupFile.open(file.toString());
                var state = backup.state()) {
            var at = backup.snapshot().at().zxid();
            assertEquals(revision, Revision.unpack(at.packed()).toString());
            var table = LockStateMachine.FACTORY.read(state).table();
            assertTrue(table.check(lock, token).valid());
        }
    }

    @Test
    void aSnapshotIsMadeNowAndOnceWhileNothingHappens() {
        String revision = take(fresh("grant"), session(), fresh("lock"), "0s", "0s")
                .statusCode(201)
                .extract()
                .header("Holdfast-Revision");
        given().post("/v1/cluster/snapshots")
                .then()
                .statusCode(200)
                .body("revision", notBefore(revision))
                .body("bytes", greaterThan(100))
                .header("Holdfast-Revision", notBefore(revision));
    }

    @Test
    void whatIsNotUnderstoodIsRefused() {
        problem(given().get("/v1/cluster/backup?form=zip").then(), 400, "invalid-request");
        problem(given().get("/v1/cluster/backup?consistency=some").then(), 400, "invalid-request");
        problem(given().accept("application/json").get("/v1/cluster/backup").then(), 406, "not-acceptable");
        problem(given().post("/v1/cluster/backup").then(), 405, "method-not-allowed");
        problem(given().get("/v1/cluster/snapshots").then(), 405, "method-not-allowed");
        problem(json("{'now':true}").post("/v1/cluster/snapshots").then(), 400, "invalid-request");
        problem(given().get("/v1/cluster/backup?minRevision=900-1").then(), 503, "not-ready");
        given().get("/v1/cluster/backup?consistency=local").then().statusCode(200);
        given().head("/v1/cluster/backup").then().statusCode(200);
    }

    @Test
    void manyBackupsOneAfterAnotherLeaveRoomForTheNext() {
        for (int i = 0; i < 5; i++) {
            session();
            given().get("/v1/cluster/backup").then().statusCode(200);
        }
    }
}
