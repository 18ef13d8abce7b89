package io.holdfast.server.config;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds secrets in the environment, which other processes of the same user and reports of crashes show. */
final class EnvironmentSecrets {

    private static final Pattern SETTING = Pattern.compile("(HOLDFAST|QUARKUS|MP|KAFKA|SMALLRYE)_.*");
    private static final Pattern SECRET =
            Pattern.compile(".*_(PASSWORD|PASSPHRASE|SECRET|TOKEN|CREDENTIALS?|JAAS_CONFIG|PRIVATE_KEY)");

    private EnvironmentSecrets() {}

    /** Returns the variables whose names are those of settings with secrets, in the order of names. */
    static List<String> of(Map<String, String> environment) {
        return new TreeMap<>(environment)
                .entrySet().stream()
                        .filter(variable -> !variable.getValue().isBlank())
                        .map(Map.Entry::getKey)
                        .filter(name -> SETTING.matcher(name).matches()
                                && SECRET.matcher(name).matches())
                        .toList();
    }
}
