package io.holdfast.server.rest.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.holdfast.lock.Breaking;
import io.holdfast.lock.Yield;
import io.holdfast.server.replica.GrantView;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a holder must know of one of its grants.
 *
 * @param kind {@code yield-requested} or {@code break-announced}
 * @param grant which of its grants
 * @param to the ticket to hand its locks to, which is next when it releases; absent for a break
 * @param drainMs how long that is wished for; absent for a break
 * @param by who takes the locks; absent for a wish
 * @param reason why; absent for a wish
 * @param afterMs how long after the warning; absent for a wish
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
@Schema(description = "What a holder must know: that it is asked to yield, or will lose its locks.")
public record NoticeBody(
        @Schema(enumeration = {"yield-requested", "break-announced"})
        String kind,

        String grant,
        @Nullable String to,
        @Nullable Long drainMs,
        @Nullable String by,
        @Nullable String reason,
        @Nullable Long afterMs) {

    static List<NoticeBody> of(List<GrantView> grants) {
        List<NoticeBody> notices = new ArrayList<>();
        for (GrantView grant : grants) {
            Yield yield = grant.yield();
            if (yield != null) {
                notices.add(new NoticeBody(
                        "yield-requested", grant.id(), yield.to(), yield.drainMillis(), null, null, null));
            }
            Breaking breaking = grant.breaking();
            if (breaking != null) {
                notices.add(new NoticeBody(
                        "break-announced",
                        grant.id(),
                        null,
                        null,
                        breaking.by(),
                        breaking.reason(),
                        breaking.afterMillis()));
            }
        }
        return notices;
    }
}
