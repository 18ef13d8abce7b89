package io.holdfast.server.rest.input;

import io.holdfast.api.Durations;
import io.holdfast.api.Metadata;
import io.holdfast.lock.Limits;
import io.holdfast.lock.acl.AclDocument;
import io.holdfast.server.replica.Revision;
import jakarta.validation.ConstraintValidatorContext;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** The rules of names and ids, each as a function from a text to what is wrong with it. */
final class Texts {

    static final int MAX_ID = 128;

    private Texts() {}

    /** Says what keeps a text from being the name of a lock. */
    static Optional<String> lockName(String text) {
        String problem = Limits.lockNameProblem(text);
        if (problem != null) {
            return Optional.of("must be the name of a lock: " + problem);
        }
        for (String segment : text.split("/", -1)) {
            // A URL cannot say them: clients and servers resolve dot segments away, and would name another lock.
            if (segment.equals(".") || segment.equals("..")) {
                return Optional.of("must have no segment that is . or .., which a URL cannot carry");
            }
        }
        return Optional.empty();
    }

    /** Says what keeps a text from being the beginning of a lock's name. */
    static Optional<String> lockPrefix(String text) {
        String problem = Limits.lockPrefixProblem(text);
        if (problem != null) {
            return Optional.of("must be the beginning of a lock name: " + problem);
        }
        return Optional.empty();
    }

    /** Says what keeps a text from being the id of a session or a grant. */
    static Optional<String> id(String text) {
        if (text.isEmpty() || text.length() > MAX_ID) {
            return Optional.of("must have 1 to " + MAX_ID + " characters, not " + text.length());
        }
        if (!legal(text)) {
            return Optional.of("must be letters, digits and ._:@-");
        }
        if (text.equals("-") || text.equals(".") || text.equals("..")) {
            return Optional.of("must not be -, . or .., which are reserved in paths");
        }
        return Optional.empty();
    }

    /** Says what keeps a text from being the beginning of an id. */
    static Optional<String> idPrefix(String text) {
        if (text.length() > MAX_ID || !legal(text)) {
            return Optional.of("must have at most " + MAX_ID + " characters, letters, digits and ._:@-");
        }
        return Optional.empty();
    }

    /** Says what keeps a text from being a revision. */
    static Optional<String> revision(String text) {
        try {
            Revision.parse(text);
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.of("must be a revision: epoch-counter in decimal, as Holdfast-Revision gives it");
        }
    }

    /** Says what keeps a text from naming one fencing token as an entity tag. */
    static Optional<String> tokenTag(String text) {
        return EntityTags.token(text).isPresent()
                ? Optional.empty()
                : Optional.of("must be one fencing token in quotes, \"1\" to \"" + EntityTags.MAX_TOKEN + "\"");
    }

    /** Says what keeps a text from being the entity tag of a lock. */
    static Optional<String> revisionTag(String text) {
        return EntityTags.revision(text).isPresent()
                ? Optional.empty()
                : Optional.of("must be one ETag as a lock's answer gives it: a revision in quotes");
    }

    /** Says what keeps a text from being a duration within bounds. */
    static Optional<String> duration(String text, String min, String max) {
        return Durations.parse(text)
                        .filter(given -> given.compareTo(Durations.require(min)) >= 0
                                && given.compareTo(Durations.require(max)) <= 0)
                        .isPresent()
                ? Optional.empty()
                : Optional.of("must be " + Durations.FORM + ", " + min + " to " + max);
    }

    /** Says what keeps a text from being one for people. */
    static Optional<String> plain(String text, int maxChars) {
        if (text.length() > maxChars) {
            return Optional.of("must have at most " + maxChars + " characters, not " + text.length());
        }
        boolean plain = text.codePoints()
                .noneMatch(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE);
        return plain ? Optional.empty() : Optional.of("must be well-formed Unicode without control characters");
    }

    /** Says what keeps the compact text of a JSON object from being metadata. */
    static Optional<String> metadata(String json) {
        if (json.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
            return Optional.of("must be well-formed Unicode: there is half a surrogate pair in it");
        }
        int bytes = json.getBytes(StandardCharsets.UTF_8).length;
        return bytes <= Metadata.BYTES_MAX
                ? Optional.empty()
                : Optional.of("must have at most " + Metadata.BYTES_MAX + " bytes as compact JSON, not " + bytes);
    }

    /** Reports what is wrong, if anything, in place of the constraint's own message; answers whether all is well. */
    static boolean report(Optional<String> wrong, ConstraintValidatorContext context) {
        wrong.ifPresent(message -> {
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(message).addConstraintViolation();
        });
        return wrong.isEmpty();
    }

    private static boolean legal(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
            if (!letter && "._:@-".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }

    /** Says what is wrong with the name of a policy, a binding, a limit or an access key. */
    static Optional<String> aclName(String text) {
        return text.length() <= AclDocument.NAME_CHARS && text.matches("[A-Za-z0-9][A-Za-z0-9._-]*")
                ? Optional.empty()
                : Optional.of("must be 1 to " + AclDocument.NAME_CHARS
                        + " letters, digits, dots, underscores and dashes, beginning with a letter or a digit");
    }
}
