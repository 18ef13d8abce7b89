package io.holdfast.operator.status;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.holdfast.operator.look.Texts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Writes Events. The name of an Event follows from what it says, so that a repeated one is counted at the API server,
 * also by an operator that was restarted. How many are remembered and how many one object may write in a minute is
 * bounded. An Event that cannot be written is dropped. Any thread.
 */
public final class EventWriter {

    /** Kind of an Event. */
    public enum Type {
        /** An action was done. */
        NORMAL("Normal"),
        /** A person should look. */
        WARNING("Warning");

        private final String text;

        Type(String text) {
            this.text = text;
        }
    }

    private static final System.Logger LOG = System.getLogger(EventWriter.class.getName());
    private static final String COMPONENT = "holdfast-operator";
    private static final int NOT_FOUND = 404;
    private static final int CONFLICT = 409;
    private static final int NAME_CHARS_MAX = 200;

    private final KubernetesClient client;
    private final Clock clock;
    private final int perMinute;
    private final Map<String, Integer> counts;
    private final Map<String, Minute> minutes;

    private record Minute(Instant begin, int written) {}

    /**
     * Creates one.
     *
     * @param remembered different Events, and objects, of which something is kept at most
     * @param perMinute Events about one object in a minute at most
     */
    public EventWriter(KubernetesClient client, Clock clock, int remembered, int perMinute) {
        this.client = client;
        this.clock = clock;
        this.perMinute = perMinute;
        this.counts = bounded(remembered);
        this.minutes = bounded(remembered);
    }

    /** Writes an Event about an object, or counts it when the same was written before. */
    public void write(HasMetadata about, Type type, String reason, String message) {
        ObjectReference regarding = reference(about);
        String says = Texts.line(message);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        if (!mayWrite(regarding.getUid(), now)) {
            LOG.log(System.Logger.Level.DEBUG, "event {0} of {1} is dropped: too many", reason, regarding.getName());
            return;
        }
        String name = name(regarding, type, reason, says);
        int before = counted(name);
        try {
            if (before == 0 || !again(regarding.getNamespace(), name, before + 1, now)) {
                create(regarding, name, type, reason, says, now);
            }
        } catch (KubernetesClientException e) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "event {0} of {1} is dropped: {2}",
                    reason,
                    regarding.getName(),
                    Texts.line(e));
            forget(name);
        }
    }

    private void create(ObjectReference regarding, String name, Type type, String reason, String says, Instant now) {
        Event event = new EventBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(regarding.getNamespace())
                .endMetadata()
                .withInvolvedObject(regarding)
                .withType(type.text)
                .withReason(reason)
                .withMessage(says)
                .withFirstTimestamp(now.toString())
                .withLastTimestamp(now.toString())
                .withCount(1)
                .withNewSource()
                .withComponent(COMPONENT)
                .endSource()
                .withReportingComponent(COMPONENT)
                .withReportingInstance("")
                .build();
        try {
            client.resource(event).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                throw e;
            }
            patch(regarding.getNamespace(), name, "{\"lastTimestamp\":\"" + now + "\"}");
        }
    }

    /** The API server removes Events after an hour or so: then the same one is written anew. */
    private boolean again(String namespace, String name, int count, Instant now) {
        try {
            patch(namespace, name, "{\"count\":" + count + ",\"lastTimestamp\":\"" + now + "\"}");
            return true;
        } catch (KubernetesClientException e) {
            if (e.getCode() != NOT_FOUND) {
                throw e;
            }
            return false;
        }
    }

    /** By an object and not by its name: the client would read the Event first, which the operator has no right to. */
    private void patch(String namespace, String name, String merge) {
        Event named = new EventBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .endMetadata()
                .build();
        client.resource(named).patch(PatchContext.of(PatchType.JSON_MERGE), merge);
    }

    private synchronized boolean mayWrite(String uid, Instant now) {
        Minute minute = minutes.get(uid);
        if (minute == null || minute.begin().plusSeconds(60).isBefore(now)) {
            minute = new Minute(now, 0);
        }
        minutes.put(uid, new Minute(minute.begin(), minute.written() + 1));
        return minute.written() < perMinute;
    }

    /** Returns how often an Event was written before, and counts this time. */
    private synchronized int counted(String name) {
        return counts.merge(name, 1, Integer::sum) - 1;
    }

    private synchronized void forget(String name) {
        counts.remove(name);
    }

    private static String name(ObjectReference regarding, Type type, String reason, String says) {
        String all = regarding.getUid() + '\n' + type + '\n' + reason + '\n' + says;
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all.getBytes(StandardCharsets.UTF_8));
            String base = regarding.getName();
            return (base.length() <= NAME_CHARS_MAX ? base : base.substring(0, NAME_CHARS_MAX)) + "."
                    + HexFormat.of().formatHex(digest, 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256", e);
        }
    }

    private static ObjectReference reference(HasMetadata about) {
        ObjectMeta meta = about.getMetadata();
        return new ObjectReferenceBuilder()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withNamespace(meta.getNamespace())
                .withName(meta.getName())
                .withUid(meta.getUid())
                .withResourceVersion(meta.getResourceVersion())
                .build();
    }

    /** Returns a map that forgets what was used least recently. */
    static <V> Map<String, V> bounded(int entriesMax) {
        return new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
                return size() > entriesMax;
            }
        };
    }
}
