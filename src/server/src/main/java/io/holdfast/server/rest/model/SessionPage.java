package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.server.replica.Page;
import io.holdfast.server.replica.SessionView;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the listing of sessions.
 *
 * @param sessions ordered by name
 * @param next what to give as {@code after} for the next page; absent on the last one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SessionPage(
        List<SessionBody> sessions, @Nullable String next) {

    /**
     * Makes the body.
     *
     * @param metadata whether it was asked for
     */
    public static SessionPage of(Page<SessionView> page, boolean metadata) {
        return new SessionPage(
                page.items().stream()
                        .map(view -> SessionBody.listed(view, metadata))
                        .toList(),
                page.next().isEmpty() ? null : page.next());
    }
}
