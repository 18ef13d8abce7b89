package io.holdfast.server.rest.input;

import io.holdfast.server.config.HostPort;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.jspecify.annotations.Nullable;

/** Where a member listens for the others, {@code host:port}; null is left to {@code @NotNull}. */
@Target({ElementType.FIELD, ElementType.METHOD, ElementType.PARAMETER, ElementType.TYPE_USE})
@Retention(RetentionPolicy.RUNTIME)
@Constraint(validatedBy = PeerAddress.Validator.class)
public @interface PeerAddress {

    /** Replaced by one that names the form. */
    String message() default "must be host:port";

    /** Not used. */
    Class<?>[] groups() default {};

    /** Not used. */
    Class<? extends Payload>[] payload() default {};

    /** Checks the text. */
    final class Validator implements ConstraintValidator<PeerAddress, String> {
        @Override
        public boolean isValid(@Nullable String text, ConstraintValidatorContext context) {
            return text == null || Texts.report(HostPort.wrong(text), context);
        }
    }
}
