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
 * An {@code Idempotency-Key} that names an id, with or without quotes around it: 1 to 128 characters of
 * {@code [A-Za-z0-9._:@-]}; null is left to {@code @NotNull}.
 */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = IdempotencyKey.Validator.class)
public @interface IdempotencyKey {

    /** Replaced by one that names the bound. */
    String message() default "must be an id";

    /** Not used. */
    Class<?>[] groups() default {};

    /** Not used. */
    Class<? extends Payload>[] payload() default {};

    /** Checks the text. */
    final class Validator implements ConstraintValidator<IdempotencyKey, String> {
        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null || Texts.report(Texts.id(IdempotencyKeys.id(text)), context);
        }
    }
}
