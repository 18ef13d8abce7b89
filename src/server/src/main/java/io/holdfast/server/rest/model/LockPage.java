package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.server.replica.LockView;
import io.holdfast.server.replica.Page;
import io.holdfast.server.replica.Revision;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of the listing of locks in use.
 *
 * @param locks ordered by name
 * @param next what to give as {@code after} for the next page; absent on the last one
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LockPage(List<LockBody> locks, @Nullable String next) {

    /**
     * Makes the body.
     *
     * @param metadata whether it was asked for
     */
    public static LockPage of(Page<LockView> page, Revision revision, boolean metadata) {
        return new LockPage(
                page.items().stream()
                        .map(lock -> LockBody.listed(lock, revision, metadata))
                        .toList(),
                page.next().isEmpty() ? null : page.next());
    }
}
