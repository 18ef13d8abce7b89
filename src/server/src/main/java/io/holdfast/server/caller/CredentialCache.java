package io.holdfast.server.caller;

import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What credentials proved a short time ago, by their SHA-256: this node keeps no credential here. Bounded: of more than
 * it keeps, what was asked for longest ago is forgotten. For any thread.
 */
final class CredentialCache {

    private final Map<String, Proof> proofs;

    CredentialCache(int max) {
        this.proofs = new LinkedHashMap<>(64, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Proof> eldest) {
                return size() > max;
            }
        };
    }

    static String key(String credential) {
        return HexFormat.of().formatHex(Sha256.of(credential));
    }

    /** Returns what a credential proved, or why it proves nothing, if that is still good; else null. */
    @Nullable
    Proof find(String key, long millis) {
        synchronized (proofs) {
            Proof proof = proofs.get(key);
            return proof != null && proof.isGood(millis) ? proof : null;
        }
    }

    void keep(String key, Proof proof) {
        synchronized (proofs) {
            proofs.put(key, proof);
        }
    }

    int size() {
        synchronized (proofs) {
            return proofs.size();
        }
    }
}
