package io.holdfast.zab.net;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jboss.logging.Logger;

/** Says each thing that keeps going wrong once a minute, not at every attempt. */
final class Complaints {

    private static final Logger LOG = Logger.getLogger(PeerNet.class);
    private static final long PAUSE_NANOS = 60_000_000_000L;
    private static final int SUBJECTS_MAX = 256;

    private final Map<String, Long> said = new LinkedHashMap<>();

    /** Logs unless the same was said about the same subject within a minute. */
    void warn(String subject, String what) {
        String key = subject + ' ' + what;
        long now = System.nanoTime();
        Long before = said.get(key);
        if (before != null && now - before < PAUSE_NANOS) {
            return;
        }
        if (said.size() >= SUBJECTS_MAX) {
            said.clear();
        }
        said.put(key, now);
        LOG.warnf("%s: %s", subject, what);
    }
}
