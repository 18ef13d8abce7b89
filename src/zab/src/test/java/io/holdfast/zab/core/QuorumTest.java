package io.holdfast.zab.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The quick way to count is compared with a slow one, over every small case. */
final class QuorumTest {

    private static Configuration voters(int from, int count, int observers) {
        List<Member> members = new ArrayList<>();
        for (int i = 0; i < count + observers; i++) {
            MemberRole role = i < count ? MemberRole.VOTER : MemberRole.OBSERVER;
            members.add(new Member(new ServerId(from + i), role, "localhost", 1));
        }
        return new Configuration(from, members);
    }

    private static boolean slowly(Configuration configuration, Set<ServerId> servers) {
        long present = configuration.voters().stream().filter(servers::contains).count();
        return 2 * present > configuration.voters().size();
    }

    @Test
    void moreThanHalfOfTheVotersAreAQuorumAndObserversNeverCount() {
        for (int count = 1; count <= 5; count++) {
            Configuration configuration = voters(1, count, 2);
            for (int bits = 0; bits < 1 << count + 2; bits++) {
                Set<ServerId> servers = new TreeSet<>();
                for (int i = 0; i < count + 2; i++) {
                    if ((bits >> i & 1) == 1) {
                        servers.add(new ServerId(1 + i));
                    }
                }
                assertEquals(
                        slowly(configuration, servers), Quorum.of(configuration).isQuorum(servers));
            }
        }
    }

    @Test
    void aValueIsReachedWhenAQuorumOfEveryConfigurationInForceHasReachedIt() {
        Configuration committed = voters(1, 3, 1);
        Configuration pending = voters(3, 3, 0);
        for (int digits = 0; digits < 4 * 4 * 4 * 4 * 4; digits++) {
            Map<ServerId, Long> reached = new TreeMap<>();
            for (int i = 0, rest = digits; i < 5; i++, rest /= 4) {
                if (rest % 4 > 0) {
                    reached.put(new ServerId(1 + i), (long) rest % 4);
                }
            }
            long expected = 0;
            for (long value = 1; value <= 3; value++) {
                long atLeast = value;
                Set<ServerId> servers = new TreeSet<>(reached.keySet());
                servers.removeIf(server -> reached.get(server) < atLeast);
                if (slowly(committed, servers) && slowly(pending, servers)) {
                    expected = value;
                }
            }
            assertEquals(
                    expected,
                    new Quorum(committed, pending).reachedByQuorum(voter -> reached.getOrDefault(voter.id(), 0L)),
                    reached::toString);
        }
    }
}
