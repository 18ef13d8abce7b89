package io.holdfast.server.rest.input;

import io.holdfast.server.history.EventKind;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Kinds of changes with commas between; empty for all; null is left to {@code @NotNull}. */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = EventKinds.Validator.class)
public @interface EventKinds {

    /** Replaced by one that names the kinds. */
    String message() default "must be kinds of changes";

    /** Not used. */
    Class<?>[] groups() default {};

    /** Not used. */
    Class<? extends Payload>[] payload() default {};

    /** Checks each kind. */
    final class Validator implements ConstraintValidator<EventKinds, String> {
        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null || Texts.report(check(text), context);
        }

        private static Optional<String> check(String text) {
            return EventKind.ALL.containsAll(EventKind.list(text))
                    ? Optional.empty()
                    : Optional.of("must be some of " + String.join(",", EventKind.ALL));
        }
    }
}
