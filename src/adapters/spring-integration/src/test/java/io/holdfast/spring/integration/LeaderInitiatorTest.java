package io.holdfast.spring.integration;

import static io.holdfast.spring.integration.Waiting.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.internal.ModelEnsemble;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;

/** Spring Integration's own leader initiator, unmodified, on two registries against a model of the server. */
@Timeout(300)
class LeaderInitiatorTest {

    private static final String ROLE = "leader";

    private final ModelEnsemble ensemble = new ModelEnsemble();
    private final HoldfastClient first = ensemble.client(Duration.ofSeconds(3));
    private final HoldfastClient second = ensemble.client(Duration.ofMinutes(2));
    private final Leadership leadership = new Leadership();
    private final Leadership.Candidate one = leadership.new Candidate("one", ROLE);
    private final Leadership.Candidate two = leadership.new Candidate("two", ROLE);
    private final LockRegistryLeaderInitiator initiatorOne = Leadership.start(new HoldfastLockRegistry(first), one);
    private LockRegistryLeaderInitiator initiatorTwo;

    @AfterEach
    void close() {
        initiatorOne.stop();
        if (initiatorTwo != null) {
            initiatorTwo.stop();
        }
        ensemble.heal(first);
        await("none has the lock", () -> ensemble.tickets(ROLE) == 0);
        ensemble.close();
    }

    private void startBoth() {
        await("the first leads", () -> leadership.wasTold("granted one"));
        initiatorTwo = Leadership.start(new HoldfastLockRegistry(second), two);
        await("the second waits", () -> ensemble.tickets(ROLE) == 2);
        assertTrue(initiatorOne.getContext().isLeader());
        assertFalse(initiatorTwo.getContext().isLeader());
    }

    @Test
    void leadershipGoesToTheOtherWhenItIsGivenUpOrItsCandidateStops() {
        startBoth();
        one.giveUp();
        await("the second leads", () -> leadership.wasTold("granted two"));
        await("the first was told", () -> leadership.wasTold("revoked one"));
        assertTrue(initiatorTwo.getContext().isLeader());
        initiatorTwo.stop();
        await("the first leads again", () -> leadership.count("granted one") == 2);
        await("the second was told", () -> leadership.wasTold("revoked two"));
        assertEquals(5, leadership.told().size(), leadership.told()::toString);
    }

    @Test
    void aLeaderThatIsCutOffIsRevokedBeforeTheOtherIsGranted() {
        startBoth();
        ensemble.cut(first);
        await("the second leads", () -> leadership.wasTold("granted two"));
        assertEquals(List.of("granted one", "revoked one", "granted two"), leadership.told());
        ensemble.heal(first);
        await("the first waits", () -> ensemble.tickets(ROLE) == 2);
        initiatorTwo.stop();
        await("the first leads again", () -> leadership.count("granted one") == 2);
    }

    @Test
    void aLeaderWhoseLockIsTakenIsRevoked() {
        startBoth();
        ensemble.breakLock(ROLE);
        await("the second leads", () -> leadership.wasTold("granted two"));
        await("the first was told", () -> leadership.wasTold("revoked one"));
        assertFalse(initiatorOne.getContext().isLeader());
    }
}
