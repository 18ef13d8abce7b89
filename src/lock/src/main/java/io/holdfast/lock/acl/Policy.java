package io.holdfast.lock.acl;

import java.util.List;

/**
 * Rules under a name.
 *
 * @param rules 1 to {@link AclDocument#RULES_PER_POLICY}, each of which only allows
 */
public record Policy(String name, List<Rule> rules) {

    /** Checks the bounds. */
    public Policy {
        Names.requireName("name", name);
        rules = List.copyOf(rules);
        if (rules.isEmpty() || rules.size() > AclDocument.RULES_PER_POLICY) {
            throw new InvalidAclException("rules", "has 1 to " + AclDocument.RULES_PER_POLICY + " entries");
        }
    }

    boolean gives(Verb verb) {
        for (Rule rule : rules) {
            if ((rule.mask() & verb.bit()) != 0) {
                return true;
            }
        }
        return false;
    }
}
