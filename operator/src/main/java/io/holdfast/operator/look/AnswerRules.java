package io.holdfast.operator.look;

import io.holdfast.api.ClusterBody;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What every view of an ensemble obeys, whatever node gives it. */
final class AnswerRules {

    /** Members of an ensemble at most. */
    static final int MEMBERS_MAX = 64;

    /** Alarms that are read at most. */
    static final int ALARMS_MAX = 64;

    private static final int ID_MAX = 65_535;
    private static final int ADDRESS_CHARS_MAX = 300;
    private static final int WORD_CHARS_MAX = 64;
    private static final Set<String> ROLES = Set.of("voter", "observer");

    private AnswerRules() {}

    /** Returns what cannot be about an answer, in one line; empty when all of it can. */
    static String wrong(Endpoint asked, ClusterBody body) {
        if (!body.clusterId().equals(asked.clusterId())) {
            return Texts.line("a node of another ensemble answered: its cluster id is '" + body.clusterId() + "', not '"
                    + asked.clusterId() + "'");
        }
        if (body.node() != asked.node()) {
            return "node " + body.node() + " answered, not node " + asked.node();
        }
        if (body.members().size() > MEMBERS_MAX || body.alarms().size() > ALARMS_MAX) {
            return "the answer has " + body.members().size() + " members and "
                    + body.alarms().size() + " alarms: more than there can be";
        }
        if (tooLong(body.release(), WORD_CHARS_MAX)) {
            return "the answer has a release of more than " + WORD_CHARS_MAX + " characters";
        }
        String wrong = wrongMembers(body.members());
        ClusterBody.Configuration pending = body.pending();
        if (wrong.isEmpty() && pending != null && pending.members().size() > MEMBERS_MAX) {
            wrong = "the answer has more pending members than there can be";
        }
        return wrong;
    }

    private static String wrongMembers(List<ClusterBody.Member> members) {
        Set<Integer> ids = new HashSet<>();
        for (ClusterBody.Member member : members) {
            if (member.id() < 1 || member.id() > ID_MAX || !ids.add(member.id())) {
                return "the answer has a member with id " + member.id() + " twice, or out of range";
            }
            if (!ROLES.contains(member.role())) {
                return Texts.line("the answer has a member of role '" + member.role() + "'");
            }
            if (member.address().length() > ADDRESS_CHARS_MAX
                    || tooLong(member.state(), WORD_CHARS_MAX)
                    || tooLong(member.phase(), WORD_CHARS_MAX)
                    || tooLong(member.disk(), WORD_CHARS_MAX)
                    || tooLong(member.votingDisk(), WORD_CHARS_MAX)) {
                return "the answer has a text that is too long, of member " + member.id();
            }
        }
        return "";
    }

    private static boolean tooLong(@Nullable String text, int charsMax) {
        return text != null && text.length() > charsMax;
    }
}
