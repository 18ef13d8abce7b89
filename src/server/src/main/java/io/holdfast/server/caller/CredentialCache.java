package io.holdfast.server.caller;

import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What credentials proved a short time ago, by their SHA-256: this node keeps no credential here. Bounded in entries
 * and in size: of more than it keeps, what was asked for longest ago is forgotten. For any thread.
 */
final class CredentialCache {

    private record Kept(Proof proof, int size) {}

    private final Map<String, Kept> proofs = new LinkedHashMap<>(64, 0.75f, true);
    private final int max;
    private final long maxSize;
    private long size;

    /**
     * Creates an empty one.
     *
     * @param max entries
     * @param maxSize sum of the sizes that entries are kept with
     */
    CredentialCache(int max, long maxSize) {
        this.max = max;
        this.maxSize = maxSize;
    }

    static String key(String credential) {
        return HexFormat.of().formatHex(Sha256.of(credential));
    }

    /** Returns what a credential proved, or why it proves nothing, if that is still good; else null. */
    @Nullable
    Proof find(String key, long millis) {
        synchronized (proofs) {
            Kept kept = proofs.get(key);
            return kept != null && kept.proof.isGood(millis) ? kept.proof : null;
        }
    }

    /** Keeps what a credential of that size proved. */
    void keep(String key, Proof proof, int entrySize) {
        synchronized (proofs) {
            Kept replaced = proofs.put(key, new Kept(proof, entrySize));
            size += entrySize - (replaced == null ? 0 : replaced.size);
            Iterator<Kept> eldest = proofs.values().iterator();
            while (proofs.size() > max || size > maxSize) {
                size -= eldest.next().size;
                eldest.remove();
            }
        }
    }

    int size() {
        synchronized (proofs) {
            return proofs.size();
        }
    }
}
