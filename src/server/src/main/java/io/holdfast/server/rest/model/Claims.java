package io.holdfast.server.rest.model;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** Turns what a body says of locks and modes into what the lock table is asked; the body is valid. */
public final class Claims {

    private Claims() {}

    /** Returns what a ticket asks for; the table takes locks in the order of their names. */
    static List<Claim> of(GrantRequest request) {
        List<LockRequest> locks = request.locks();
        if (locks == null) {
            return List.of(of(Objects.requireNonNull(request.lock()), request));
        }
        return locks.stream()
                .map(lock -> of(lock.name(), lock))
                .sorted(Comparator.comparing(Claim::lock))
                .toList();
    }

    private static Claim of(String lock, ModeTerms.Terms terms) {
        String mode = terms.mode();
        Integer permits = terms.permits();
        Integer limit = terms.limit();
        return new Claim(
                lock,
                mode == null ? Mode.EXCLUSIVE : mode(mode),
                permits == null ? 1 : permits,
                limit == null ? 0 : limit);
    }

    /** Returns the mode that a body names. */
    public static Mode mode(String text) {
        return Mode.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
