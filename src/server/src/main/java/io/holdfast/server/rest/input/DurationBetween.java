package io.holdfast.server.rest.input;

import io.holdfast.api.Durations;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** A duration that {@link Durations} can read, within bounds; null is left to {@code @NotNull}. */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = DurationBetween.Validator.class)
public @interface DurationBetween {

    /** Least duration, inclusive. */
    String min() default "0s";

    /** Most duration, inclusive. */
    String max();

    /** Replaced by one that names the bounds. */
    String message() default "must be a duration";

    /** Not used. */
    Class<?>[] groups() default {};

    /** Not used. */
    Class<? extends Payload>[] payload() default {};

    /** Checks form and bounds. */
    final class Validator implements ConstraintValidator<DurationBetween, String> {

        private String min = "";
        private String max = "";

        @Override
        public void initialize(DurationBetween bound) {
            min = bound.min();
            max = bound.max();
        }

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null || Texts.report(Texts.duration(text, min, max), context);
        }
    }
}
