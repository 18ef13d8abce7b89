package io.holdfast.server.config;

import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.stream.StreamSupport;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;

/**
 * Checks the text of settings before it is converted: a carriage return behind a path, from a file that was saved on
 * another system, names another directory than the one that the operator sees.
 */
final class SettingValues {

    private static final String PREFIX = "holdfast.";

    private SettingValues() {}

    /**
     * Checks the value of every key beneath {@code holdfast.}, from whatever source.
     *
     * @throws BadConfiguration naming the first key in the order of names whose value has a control character, or a
     *     blank at one of its ends
     */
    static void check(Config config) {
        NavigableSet<String> keys = new TreeSet<>();
        StreamSupport.stream(config.getPropertyNames().spliterator(), false)
                .filter(name -> name.startsWith(PREFIX))
                .forEach(keys::add);
        for (String key : keys) {
            String value = config.getConfigValue(key).getValue();
            String problem = value == null ? null : problem(value);
            if (problem != null) {
                throw new BadConfiguration(key, problem);
            }
        }
    }

    private static @Nullable String problem(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (Character.isISOControl(value.charAt(i))) {
                return String.format(
                        "the value has the control character U+%04X at index %d; remove it (a file saved with"
                                + " carriage returns has one at the end of each line)",
                        (int) value.charAt(i), i);
            }
        }
        return value.strip().length() == value.length()
                ? null
                : "the value begins or ends with a blank; remove it, or the quotes that keep it";
    }
}
