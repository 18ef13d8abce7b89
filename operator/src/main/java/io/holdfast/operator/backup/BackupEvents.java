package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.EventBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;

/**
 * Events of backups and schedules. The name of an Event is made from what it says, so that it is written once however
 * often it is said. Any thread.
 */
final class BackupEvents {

    private static final Logger LOG = Logger.getLogger(BackupEvents.class);
    private static final int CONFLICT = 409;
    private static final int MESSAGE_CHARS_MAX = 1000;
    private static final int NAME_CHARS_MAX = 200;

    private final KubernetesClient client;

    BackupEvents(KubernetesClient client) {
        this.client = client;
    }

    /** Says that something went as it should. */
    void normal(HasMetadata about, String reason, String message, Instant now) {
        write(about, "Normal", reason, message, now);
    }

    /** Says that something needs a look. */
    void warning(HasMetadata about, String reason, String message, Instant now) {
        write(about, "Warning", reason, message, now);
    }

    private void write(HasMetadata about, String type, String reason, String message, Instant now) {
        String line = Lines.shorter(message, MESSAGE_CHARS_MAX);
        LOG.infof(
                "%s/%s: %s: %s",
                about.getMetadata().getNamespace(), about.getMetadata().getName(), reason, line);
        try {
            client.resource(event(about, type, reason, line, now)).create();
        } catch (KubernetesClientException e) {
            if (e.getCode() != CONFLICT) {
                // An Event is for people; what it says is in the status, too.
                LOG.debugf("the Event %s was not written: %s", reason, e.getMessage());
            }
        }
    }

    private static Event event(HasMetadata about, String type, String reason, String message, Instant now) {
        var meta = about.getMetadata();
        String name =
                meta.getName().length() > NAME_CHARS_MAX ? meta.getName().substring(0, NAME_CHARS_MAX) : meta.getName();
        String at = now.truncatedTo(ChronoUnit.SECONDS).toString();
        return new EventBuilder()
                .withNewMetadata()
                .withName(name + "." + BackupNames.hash(meta.getUid() + reason + message))
                .withNamespace(meta.getNamespace())
                .endMetadata()
                .withNewInvolvedObject()
                .withApiVersion(about.getApiVersion())
                .withKind(about.getKind())
                .withName(meta.getName())
                .withNamespace(meta.getNamespace())
                .withUid(meta.getUid())
                .withResourceVersion(meta.getResourceVersion())
                .endInvolvedObject()
                .withType(type)
                .withReason(reason)
                .withMessage(message)
                .withFirstTimestamp(at)
                .withLastTimestamp(at)
                .withCount(1)
                .withNewSource()
                .withComponent(BackupNames.OPERATOR)
                .endSource()
                .withReportingComponent(BackupNames.OPERATOR)
                .withReportingInstance(BackupNames.OPERATOR)
                .build();
    }
}
