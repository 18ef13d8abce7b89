package io.holdfast.server.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.ServerId;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EnsembleTest {

    @Test
    void membersAreReadWithTheirRolesAndAddresses() {
        Configuration ensemble =
                Ensemble.parse(List.of("3@[::1]:7103:observer", " 1@127.0.0.1:7101", "2@lock-2.svc:7102"));

        assertEquals(Set.of(new ServerId(1), new ServerId(2)), ensemble.voters());
        assertEquals("::1", ensemble.member(new ServerId(3)).host());
        assertEquals(7102, ensemble.member(new ServerId(2)).port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1:7101",
                "1@:7101",
                "1@host",
                "0@host:1",
                "1@host:0",
                "1@host:70000",
                "70000@host:1",
                "",
                "1@[::1:7101",
                "1@[::1]]:7101",
                "1@[::1:]:7101",
                "1@[1.2.3.4]:7101",
                "1@::1:7101",
                "1@https://10.0.0.9:7101",
                "1@10.0.0.9:7101:7101",
                "1@10.0.0.9:7101:7101:observer",
                "1@ 10.0.0.9:7101",
                "1@-host:7101",
                "1@host\u0007:7101"
            })
    void whatIsNoMemberIsRefusedByTheNameOfTheKey(String entry) {
        BadConfiguration refused = assertThrows(BadConfiguration.class, () -> Ensemble.parse(List.of(entry)));

        assertTrue(refused.getMessage().startsWith("holdfast.members: '" + entry + "'"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[::1:7101", "[::1]]:7101", "https://10.0.0.9:7101", "10.0.0.9:7101:7101", "host", "host:0"})
    void whatIsNoAddressIsRefusedByTheNameOfTheKeyWithWhatIsExpected(String entry) {
        BadConfiguration refused = assertThrows(BadConfiguration.class, () -> Ensemble.address("holdfast.join", entry));

        assertTrue(refused.getMessage().startsWith("holdfast.join: '" + entry + "': must "), refused.getMessage());
    }

    @Test
    void anAddressOfEitherKindIsRead() {
        assertEquals(
                "fd00::7", Ensemble.address("holdfast.join", "[fd00::7]:7101").host());
        assertEquals(
                "lock-2.svc",
                Ensemble.address("holdfast.join", "lock-2.svc:7102").host());
    }

    @Test
    void anEnsembleNeedsAVoterAndEachIdOnce() {
        assertThrows(BadConfiguration.class, () -> Ensemble.parse(List.of("1@a:1:observer")));
        assertThrows(BadConfiguration.class, () -> Ensemble.parse(List.of("1@a:1", "1@b:1")));
    }
}
