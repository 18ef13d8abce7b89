package io.holdfast.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.holdfast.lock.acl.Acl;
import io.holdfast.lock.acl.AclChange;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.lock.acl.AclMode;
import io.holdfast.lock.acl.Observers;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class CarriedTest {

    private static final Map<String, Command> COMMANDS = new TreeMap<>(Map.of(
            "acquire", new Command.Acquire("g", 1, List.of(Claim.exclusive("l")), 0, "", 1),
            "attach", new Command.Attach(1, "a", 1),
            "break", new Command.Break("l", "g", 0, "by", "why", 0, 1),
            "close", new Command.CloseSession(1, 1),
            "dead", new Command.CloseSession(1, "by", true, 1),
            "force", new Command.CloseSession(1, "by", false, 1),
            "release", new Command.Release("g", 0, "", 0, 1),
            "rules", new ChangeAcl(0, new AclChange.SetMode(AclMode.OPEN), 1)));

    private static String carried(AclMode mode, Observers observers) {
        Acl acl = new Acl(7, new AclDocument(mode, observers, List.of(), List.of(), List.of()), List.of());
        StringBuilder names = new StringBuilder();
        COMMANDS.forEach((name, command) -> {
            boolean passes = Carried.objection(acl, command) == null;
            if (!(command instanceof ChangeAcl)) {
                assertEquals(passes, Carried.objection(acl, new OnBehalf("key:a", command)) == null, name);
            }
            if (Judged.isGoverned(command)) {
                assertEquals(passes, Carried.objection(acl, new Judged(7, command)) == null, name);
            }
            names.append(passes ? name + " " : "");
        });
        names.append(Carried.keepalive(acl) == null ? "keepalive " : "");
        names.append(Carried.administration(acl) == null ? "members " : "");
        return names.toString();
    }

    @Test
    void membersWithoutAVotePassOnWhatTheRulesLetThem() {
        assertEquals(
                "acquire attach break close dead force release keepalive ", carried(AclMode.ENFORCE, Observers.ALL));
        assertEquals("acquire attach close release keepalive ", carried(AclMode.ENFORCE, Observers.LOCKS));
        assertEquals("", carried(AclMode.ENFORCE, Observers.NONE));
    }

    @Test
    void anObserverHandsOverWhatIsItsClientsOwnOnly() {
        Acl acl = new Acl(
                7, new AclDocument(AclMode.ENFORCE, Observers.LOCKS, List.of(), List.of(), List.of()), List.of());
        Command transfer = new Command.Transfer("g", 1, "h", 0, 1);
        assertNotNull(Carried.objection(acl, transfer));
        assertNotNull(Carried.objection(acl, new Judged(7, transfer)));
        assertNull(Carried.objection(acl, new OnBehalf("key:a", transfer)));
        assertNull(Carried.objection(acl, new Judged(7, new OnBehalf("key:a", transfer))));
    }

    @Test
    void nothingIsKeptBackWhileRulesAreNotEnforced() {
        String all = "acquire attach break close dead force release rules keepalive members ";
        for (Observers observers : Observers.values()) {
            assertEquals(all, carried(AclMode.OPEN, observers));
            assertEquals(all, carried(AclMode.OBSERVE, observers));
        }
    }
}
