package io.holdfast.simulator.book;

import io.holdfast.lock.Claim;
import io.holdfast.lock.Mode;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** One lock: its holders, and those in line in the order in which they came. */
public final class Line {

    private final String lock;
    private final List<Entry> holders = new ArrayList<>();
    private final List<Entry> waiting = new ArrayList<>();
    private long closed;

    Line(String lock) {
        this.lock = lock;
    }

    public String lock() {
        return lock;
    }

    /** Returns who has it, in the order in which they got it. */
    public List<Entry> holders() {
        return holders;
    }

    /** Returns who waits for it, the first in line first. */
    public List<Entry> waiting() {
        return waiting;
    }

    /** Returns the revision of the expiry since which it is closed; 0 when it is open. */
    public long closed() {
        return closed;
    }

    void close(long revision) {
        closed = revision;
    }

    boolean isIdle() {
        return holders.isEmpty() && waiting.isEmpty() && closed == 0;
    }

    // ---- the rules ----

    /** Returns whether all of them may have the lock at the same time. */
    public static boolean areCompatible(List<Claim> claims) {
        int permits = 0;
        for (Claim claim : claims) {
            boolean alike = claim.limit() == claims.get(0).limit();
            boolean alone = claim.mode() != Mode.EXCLUSIVE || claims.size() == 1;
            permits += claim.permits();
            if (!alike || !alone || (claim.limit() > 0 && permits > claim.limit())) {
                return false;
            }
        }
        return true;
    }

    /** Returns the claims of some entries to this lock. */
    public List<Claim> claims(List<Entry> entries) {
        return entries.stream()
                .map(entry -> Objects.requireNonNull(entry.claim(lock)))
                .toList();
    }

    /**
     * Returns whether one more could have it beside the holders, but for {@code leaving}, and nobody else looked at.
     */
    public boolean hasRoomFor(Entry entry, Entry leaving) {
        List<Entry> together = new ArrayList<>(holders);
        together.remove(leaving);
        together.add(entry);
        return closed == 0 && areCompatible(claims(together));
    }

    /**
     * Returns whether it could have the lock without delaying anybody ahead: beside the holders and beside all who came
     * before it.
     */
    public boolean fits(Entry entry) {
        List<Entry> together = new ArrayList<>(holders);
        together.addAll(ahead(entry));
        together.add(entry);
        return closed == 0 && areCompatible(claims(together));
    }

    /** Returns who stands in line before it: all, when it is not in line itself. */
    public List<Entry> ahead(Entry entry) {
        int place = waiting.indexOf(entry);
        return place < 0 ? waiting : waiting.subList(0, place);
    }

    @Override
    public String toString() {
        return lock + " held by " + holders + ", wanted by " + waiting + (closed == 0 ? "" : ", closed");
    }
}
