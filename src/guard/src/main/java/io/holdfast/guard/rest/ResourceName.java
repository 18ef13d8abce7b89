package io.holdfast.guard.rest;

import jakarta.ws.rs.core.MultivaluedMap;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the name of a fenced resource of a template and the path parameters of a request. Two different sets of values
 * never make the same name: a slash or a percent sign in a value is escaped.
 */
final class ResourceName {

    private final String template;
    /** Text and parameters in turn, beginning and ending with a text, which may be empty. */
    private final List<String> parts = new ArrayList<>();

    /** Reads the template, or throws IllegalArgumentException. */
    ResourceName(String template) {
        this.template = template;
        int from = 0;
        for (int open; (open = template.indexOf('{', from)) >= 0; ) {
            int close = template.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException("a brace is open in @Fenced(\"" + template + "\")");
            }
            String parameter = template.substring(open + 1, close).strip();
            if (!parameter.matches("\\w[\\w.-]*")) {
                throw new IllegalArgumentException(
                        "\"" + parameter + "\" names no path parameter in @Fenced(\"" + template + "\")");
            }
            parts.add(template.substring(from, open));
            parts.add(parameter);
            from = close + 1;
        }
        parts.add(template.substring(from));
        if (template.isBlank() || parts.get(parts.size() - 1).indexOf('}') >= 0) {
            throw new IllegalArgumentException("@Fenced(\"" + template + "\") is no name of a resource");
        }
    }

    /** Returns the name for the values of a request, or throws IllegalStateException when one is missing. */
    String with(MultivaluedMap<String, String> parameters) {
        var name = new StringBuilder(parts.get(0));
        for (int i = 1; i < parts.size(); i += 2) {
            String value = parameters.getFirst(parts.get(i));
            if (value == null) {
                throw new IllegalStateException("the path has no parameter \"" + parts.get(i) + "\", which @Fenced(\""
                        + template + "\") names");
            }
            name.append(value.replace("%", "%25").replace("/", "%2F")).append(parts.get(i + 1));
        }
        return name.toString();
    }
}
