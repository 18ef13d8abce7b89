package io.holdfast.server.rest.input;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/**
 * Text for people: well-formed Unicode without control characters, up to a length; null is left to {@code @NotNull}.
 */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = PlainText.Validator.class)
public @interface PlainText {

    /** Most UTF-16 units, inclusive. */
    int maxChars();

    /** Replaced by one that names the bound. */
    String message() default "must be text";

    /** Not used. */
    Class<?>[] groups() default {};

    /** Not used. */
    Class<? extends Payload>[] payload() default {};

    /** Checks form and length. */
    final class Validator implements ConstraintValidator<PlainText, String> {

        private int maxChars;

        @Override
        public void initialize(PlainText bound) {
            maxChars = bound.maxChars();
        }

        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null || Texts.report(Texts.plain(text, maxChars), context);
        }
    }
}
