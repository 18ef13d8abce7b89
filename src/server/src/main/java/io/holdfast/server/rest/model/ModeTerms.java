package io.holdfast.server.rest.model;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** Permits and a limit belong to a semaphore, which has a limit and no more permits than that. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ModeTerms.Validator.class)
@interface ModeTerms {

    /** Replaced by one for the field that is wrong. */
    String message() default "must fit the mode";

    /** Not used. */
    Class<?>[] groups() default {};

    /** Not used. */
    Class<? extends Payload>[] payload() default {};

    /** What has a mode with its terms. */
    interface Terms {

        String SEMAPHORE = "semaphore";

        @Nullable
        String mode();

        @Nullable
        Integer permits();

        @Nullable
        Integer limit();

        /** Names one field as wrong; answers false. */
        static boolean wrong(String field, String message, ConstraintValidatorContext context) {
            context.disableDefaultConstraintViolation();
            context.buildConstraintViolationWithTemplate(message)
                    .addPropertyNode(field)
                    .addConstraintViolation();
            return false;
        }
    }

    /** Checks the three together; each by itself is checked where it is declared. */
    final class Validator implements ConstraintValidator<ModeTerms, Terms> {
        @Override
        public boolean isValid(@Nullable Terms terms, ConstraintValidatorContext context) {
            if (terms == null) {
                return true;
            }
            Integer permits = terms.permits();
            Integer limit = terms.limit();
            if (!Terms.SEMAPHORE.equals(terms.mode())) {
                boolean permitsWell =
                        permits == null || Terms.wrong("permits", "is for the mode semaphore only", context);
                boolean limitWell = limit == null || Terms.wrong("limit", "is for the mode semaphore only", context);
                return permitsWell && limitWell;
            }
            if (limit == null) {
                return Terms.wrong("limit", "must be given for a semaphore: how many permits it has", context);
            }
            return permits == null
                    || permits <= limit
                    || Terms.wrong("permits", "must not be more than the limit of the semaphore", context);
        }
    }
}
