package io.holdfast.client.internal;

import io.holdfast.api.NoticeBody;
import io.holdfast.client.Loss;
import io.holdfast.client.Notice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells the listeners of one lease what happens to it, in order and each thing once. Any thread. */
final class LeaseEvents {

    private final Callbacks callbacks;
    private final CompletableFuture<Loss> lost = new CompletableFuture<>();
    private final List<Runnable> onStop = new ArrayList<>();
    private final List<Runnable> onStopNow = new ArrayList<>();
    private final List<Consumer<Notice>> onNotice = new ArrayList<>();
    private final Set<NoticeBody> told = new LinkedHashSet<>();
    private boolean stopped;
    private boolean lostIsAwaited;

    LeaseEvents(Executor executor) {
        this.callbacks = new Callbacks(executor);
    }

    synchronized CompletableFuture<Loss> lost() {
        lostIsAwaited = true;
        return lost.copy();
    }

    synchronized boolean hasStopped() {
        return stopped;
    }

    void onStop(Runnable action, boolean now) {
        add(onStop, action, now, callbacks);
    }

    void onStopNow(Runnable action, boolean now) {
        add(onStopNow, action, now, Runnable::run);
    }

    private void add(List<Runnable> actions, Runnable action, boolean now, Executor runs) {
        synchronized (this) {
            if (!stopped && !now) {
                actions.add(action);
                return;
            }
        }
        runs.execute(action);
    }

    void stop() {
        List<Runnable> later;
        List<Runnable> first;
        synchronized (this) {
            if (stopped) {
                return;
            }
            stopped = true;
            later = List.copyOf(onStop);
            first = List.copyOf(onStopNow);
        }
        first.forEach(Runnable::run);
        later.forEach(callbacks::execute);
    }

    void lose(Loss how) {
        synchronized (this) {
            if (!lostIsAwaited) {
                // No code of the program depends on it, so no thread of the program is needed.
                lost.complete(how);
                return;
            }
        }
        callbacks.execute(() -> lost.complete(how));
    }

    synchronized void onNotice(Consumer<Notice> listener) {
        onNotice.add(listener);
        told.forEach(known -> tell(listener, notice(known)));
    }

    /** Takes all that is to be known now. */
    synchronized void notices(List<NoticeBody> present) {
        List<NoticeBody> lapsed =
                told.stream().filter(known -> !present.contains(known)).toList();
        for (NoticeBody gone : lapsed) {
            told.remove(gone);
            if (gone.kind().equals(NoticeBody.YIELD_REQUESTED)) {
                Notice over = new Notice(Notice.Kind.YIELD_LAPSED, gone.to(), Duration.ZERO, null, null);
                onNotice.forEach(listener -> tell(listener, over));
            }
        }
        for (NoticeBody notice : present) {
            Notice known = notice(notice);
            if (told.add(notice) && known != null) {
                onNotice.forEach(listener -> tell(listener, known));
            }
        }
    }

    private void tell(Consumer<Notice> listener, @Nullable Notice notice) {
        if (notice != null) {
            callbacks.execute(() -> listener.accept(notice));
        }
    }

    private static @Nullable Notice notice(NoticeBody body) {
        return switch (body.kind()) {
            case NoticeBody.YIELD_REQUESTED ->
                new Notice(Notice.Kind.YIELD_REQUESTED, body.to(), millis(body.drainMs()), null, null);
            case NoticeBody.BREAK_ANNOUNCED ->
                new Notice(Notice.Kind.BREAK_ANNOUNCED, null, millis(body.afterMs()), body.by(), body.reason());
            default -> null;
        };
    }

    private static Duration millis(@Nullable Long millis) {
        return millis == null ? Duration.ZERO : Duration.ofMillis(millis);
    }
}
