package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.server.replica.TokenCheck;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Whether a fencing token is that of a present holder.
 *
 * @param valid whether it is
 * @param current token of the present holder; absent when the lock is free
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "Whether the token is that of a present holder; linearizable.")
public record CheckBody(boolean valid, @Nullable Long current) {

    public static CheckBody of(TokenCheck check) {
        return new CheckBody(check.valid(), check.current() == 0 ? null : check.current());
    }
}
