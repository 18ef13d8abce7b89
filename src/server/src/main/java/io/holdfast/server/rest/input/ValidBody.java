package io.holdfast.server.rest.input;

import io.holdfast.api.Json;
import io.holdfast.api.Problem.Violation;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A body that keeps the rules of {@link Bodies}, each violation under the name of its field; null is left to
 * {@code @NotNull}.
 */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = ValidBody.Validator.class)
public @interface ValidBody {

    /** Replaced by one for each field that is wrong. */
    String message() default "must be a valid body";

    /** Not used. */
    Class<?>[] groups() default {};

    /** Not used. */
    Class<? extends Payload>[] payload() default {};

    /** Checks all fields. */
    final class Validator implements ConstraintValidator<ValidBody, Json.Writable> {
        @Override
        public boolean isValid(Json.@Nullable Writable body, ConstraintValidatorContext context) {
            List<Violation> wrong = body == null ? List.of() : Bodies.violations(body);
            if (!wrong.isEmpty()) {
                context.disableDefaultConstraintViolation();
            }
            for (Violation each : wrong) {
                context.buildConstraintViolationWithTemplate(each.message())
                        .addPropertyNode(each.field())
                        .addConstraintViolation();
            }
            return wrong.isEmpty();
        }
    }
}
