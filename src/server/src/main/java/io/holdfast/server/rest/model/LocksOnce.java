package io.holdfast.server.rest.model;

import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A ticket names one lock or a list of several, not both, and each name once. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = LocksOnce.Validator.class)
@interface LocksOnce {

    /** Replaced by one for the field that is wrong. */
    String message() default "must name each lock once";

    /** Not used. */
    Class<?>[] groups() default {};

    /** Not used. */
    Class<? extends Payload>[] payload() default {};

    /** Checks what the fields are together. */
    final class Validator implements ConstraintValidator<LocksOnce, GrantRequest> {
        @Override
        public boolean isValid(@Nullable GrantRequest request, ConstraintValidatorContext context) {
            if (request == null) {
                return true;
            }
            List<LockRequest> locks = request.locks();
            if (locks == null) {
                return request.lock() != null || ModeTerms.Terms.wrong("lock", "must be given, or locks", context);
            }
            if (request.lock() != null) {
                return ModeTerms.Terms.wrong("locks", "must not be given beside lock", context);
            }
            if (request.mode() != null) {
                return ModeTerms.Terms.wrong("mode", "must be given with each of the locks", context);
            }
            return eachOnce(locks, context);
        }

        private static boolean eachOnce(List<LockRequest> locks, ConstraintValidatorContext context) {
            TreeSet<String> names = new TreeSet<>();
            for (int i = 0; i < locks.size(); i++) {
                LockRequest lock = locks.get(i);
                if (lock != null && lock.name() != null && !names.add(lock.name())) {
                    context.disableDefaultConstraintViolation();
                    context.buildConstraintViolationWithTemplate("must not be the name of another lock of the ticket")
                            .addPropertyNode("locks")
                            .addPropertyNode("name")
                            .inIterable()
                            .atIndex(i)
                            .addConstraintViolation();
                    return false;
                }
            }
            return true;
        }
    }
}
