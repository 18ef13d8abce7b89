package io.holdfast.server.rest.input;

import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A JSON object whose compact text has at most so many bytes; null is an object that was not given. */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = JsonObject.Validator.class)
public @interface JsonObject {

    /** Most bytes of its compact text in UTF-8, inclusive. */
    int maxBytes();

    /** Replaced by one that names the bound. */
    String message() default "must be a JSON object";

    /** Not used. */
    Class<?>[] groups() default {};

    /** Not used. */
    Class<? extends Payload>[] payload() default {};

    /** Checks kind and size. */
    final class Validator implements ConstraintValidator<JsonObject, JsonNode> {

        private int maxBytes;

        @Override
        public void initialize(JsonObject bound) {
            maxBytes = bound.maxBytes();
        }

        @Override
        public boolean isValid(@Nullable JsonNode node, ConstraintValidatorContext context) {
            return node == null || node.isNull() || Texts.report(check(node), context);
        }

        private Optional<String> check(JsonNode node) {
            if (!node.isObject()) {
                return Optional.of("must be a JSON object");
            }
            String text = node.toString();
            if (text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
                return Optional.of("must be well-formed Unicode: there is half a surrogate pair in it");
            }
            int bytes = text.getBytes(StandardCharsets.UTF_8).length;
            return bytes <= maxBytes
                    ? Optional.empty()
                    : Optional.of("must have at most " + maxBytes + " bytes as compact JSON, not " + bytes);
        }
    }
}
