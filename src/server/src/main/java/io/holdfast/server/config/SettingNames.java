package io.holdfast.server.config;

import io.smallrye.config.ConfigMappings;
import io.smallrye.config.ConfigMappings.ConfigClass;
import io.smallrye.config.common.utils.StringUtil;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Checks the names of environment variables: SmallRye Config reports unknown keys of files and system properties, but
 * ignores unknown names in the environment, where a typing mistake would found an ensemble of its own.
 */
final class SettingNames {

    private static final String PREFIX = "HOLDFAST_";

    /** The elements of a list may be given one by one, as {@code HOLDFAST_MEMBERS_0_}. */
    private static final Pattern INDEX = Pattern.compile("_[0-9]{1,3}_$");

    /**
     * What Kubernetes puts into every container for a Service whose name begins with "holdfast", unless the pod says
     * {@code enableServiceLinks: false}.
     */
    private static final Pattern SERVICE_LINK = Pattern.compile("HOLDFAST(_[A-Z0-9_]+)?_(SERVICE_HOST"
            + "|SERVICE_PORT(_[A-Z0-9_]+)?"
            + "|PORT(_[0-9]{1,5}_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)");

    private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*", Pattern.DOTALL);

    private SettingNames() {}

    /**
     * Checks every variable that begins with {@code HOLDFAST_}.
     *
     * @throws BadConfiguration naming the first variable, in the order of names, that is not a setting, and the nearest
     *     setting
     */
    static void check(Map<String, String> environment) {
        NavigableSet<String> known = variables();
        for (Map.Entry<String, String> variable : new TreeMap<>(environment).entrySet()) {
            String name = variable.getKey();
            if (!name.startsWith(PREFIX)) {
                continue;
            }
            boolean link = SERVICE_LINK.matcher(name).matches();
            boolean isKnown = known.contains(INDEX.matcher(name).replaceFirst("")) || isOfMap(name);
            if (link && isKnown && SERVICE_ADDRESS.matcher(variable.getValue()).matches()) {
                throw new BadConfiguration(
                        name,
                        "is the address of a Kubernetes Service, and the name of a setting; set"
                                + " 'enableServiceLinks: false' in the pod, or give the Service another name");
            }
            if (!link && !isKnown) {
                throw new BadConfiguration(
                        name,
                        "is not a setting;" + suggestion(name, known) + " docs/configuration.md lists all settings");
            }
        }
    }

    /** Returns the names of all settings as environment variables, as SmallRye Config looks them up. */
    private static NavigableSet<String> variables() {
        NavigableSet<String> names = new TreeSet<>();
        for (String key : ConfigMappings.getProperties(ConfigClass.configClass(HoldfastConfig.class))
                .keySet()) {
            if (!key.contains("*")) {
                names.add(upper(key));
            }
        }
        return names;
    }

    /** Returns whether a variable is a setting of something that has a name of the operator's choosing. */
    private static boolean isOfMap(String variable) {
        for (String key : ConfigMappings.getProperties(ConfigClass.configClass(HoldfastConfig.class))
                .keySet()) {
            int name = key.indexOf('*');
            if (name >= 0) {
                String before = upper(key.substring(0, name));
                String after = upper(key.substring(name + 1));
                if (variable.startsWith(before)
                        && variable.endsWith(after)
                        && variable.length() > before.length() + after.length()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static String upper(String part) {
        return StringUtil.replaceNonAlphanumericByUnderscores(part).toUpperCase(Locale.ROOT);
    }

    /** Returns a question that names the nearest setting, or nothing when more than half of the name differs. */
    private static String suggestion(String name, NavigableSet<String> known) {
        String best = "";
        int least = (name.length() - PREFIX.length()) / 2 + 1;
        for (String candidate : known) {
            int distance = distance(name, candidate);
            if (distance < least) {
                least = distance;
                best = " did you mean " + candidate + "?";
            }
        }
        return best;
    }

    /** Returns the Levenshtein distance: characters to insert, delete or replace. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }
}
