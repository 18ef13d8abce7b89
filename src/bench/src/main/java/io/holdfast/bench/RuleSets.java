package io.holdfast.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Access keys of which each may read other locks, beside some that all of them may; clients without one may do all. */
final class RuleSets {

    private static final Pattern KEY = Pattern.compile("hfk_[A-Za-z0-9_-]+");

    private final Holdfast system;

    RuleSets(Holdfast system) {
        this.system = system;
    }

    /** Has so many sets of rules enforced, and returns a key for each. */
    List<String> enforce(int sets, String shared, String own) throws IOException, InterruptedException {
        List<String> keys = new ArrayList<>();
        var policies = new StringBuilder("\"all\":[{\"verbs\":[\"admin\"]},{\"verbs\":[\"acquire\"],\"locks\":\"\"}]");
        var bindings = new StringBuilder("{\"policy\":\"all\",\"to\":[\"anonymous\"]}");
        for (var i = 0; i < sets; i++) {
            var name = "reader-" + i;
            policies.append(
                    ",\"%s\":[{\"verbs\":[\"read\"],\"locks\":\"%s\"},{\"verbs\":[\"read\"],\"locks\":\"%s%d/\"}]"
                            .formatted(name, shared, own, i));
            bindings.append(",{\"policy\":\"%s\",\"to\":[\"key:%s\"]}".formatted(name, name));
            var made = KEY.matcher(system.rules("POST", "/keys", "{\"name\":\"" + name + "\",\"expires\":\"24h\"}"));
            if (!made.find()) {
                throw new IllegalStateException("no key was made");
            }
            keys.add(made.group());
        }
        system.rules(
                "PUT", "", "{\"mode\":\"enforce\",\"policies\":{" + policies + "},\"bindings\":[" + bindings + "]}");
        return keys;
    }

    /** Has no rule enforced any more. */
    void open() throws IOException, InterruptedException {
        system.rules("PUT", "/mode?force=true", "{\"mode\":\"open\"}");
    }
}
