package io.holdfast.operator.look;

import io.fabric8.kubernetes.api.model.Quantity;
import io.holdfast.api.Durations;
import io.holdfast.operator.crd.v1alpha1.LockCluster;
import io.holdfast.operator.crd.v1alpha1.LockClusterSpec;
import io.holdfast.operator.crd.v1alpha1.OnLoss;
import io.holdfast.operator.crd.v1alpha1.Removal;
import io.holdfast.operator.desired.Transport;
import io.holdfast.operator.plan.Stage;
import io.holdfast.operator.plan.Wanted;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a {@link LockCluster} asks for, from its spec and its annotations. */
final class WantedReading {

    static final String PREFIX = "holdfast.dev/";

    private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,4}");
    private static final Pattern CONFIRM = Pattern.compile("([1-9][0-9]{0,4})/([0-9A-Za-z-]{1,64})");

    private final Map<String, String> annotations;
    private final List<Complaint> unreadable = new ArrayList<>();

    WantedReading(LockCluster cluster) {
        Map<String, String> present = cluster.getMetadata().getAnnotations();
        this.annotations = present == null ? Map.of() : present;
    }

    /** Returns the annotations that were read and make no sense. */
    List<Complaint> unreadable() {
        return List.copyOf(unreadable);
    }

    /** Returns whether the annotation {@code holdfast.dev/paused} is true. */
    boolean paused() {
        return flag("paused");
    }

    /** Returns whether the annotation {@code holdfast.dev/dry-run} is true. */
    boolean dryRun() {
        return flag("dry-run");
    }

    /**
     * Returns what is asked for.
     *
     * @param refusal why no pods can be made from the specification; absent when they can
     */
    Wanted read(LockCluster cluster, boolean mayRoll, @Nullable String refusal) {
        LockClusterSpec spec = cluster.getSpec();
        var storage = spec.storage();
        var updates = spec.updates();
        return new Wanted(
                cluster.getMetadata().getUid(),
                spec.voters(),
                spec.bootstrap() != null,
                new Wanted.Storage(
                        storage.ephemeral(),
                        bytes(storage.size()),
                        storage.onLoss() == OnLoss.REPLACE,
                        Durations.require(storage.lossAfter()),
                        storage.whenRemoved() == Removal.DELETE),
                new Wanted.Updates(
                        Durations.require(updates.minReady()),
                        Durations.require(updates.progressDeadline()),
                        updates.lagMax()),
                paused(),
                id("replace"),
                id("readmit"),
                recover(),
                mayRoll,
                refusal,
                Stage.valueOf(Transport.wanted(cluster).name()));
    }

    /** Returns the bytes of a quantity. */
    static long bytes(@Nullable String quantity) {
        return quantity == null
                ? 0
                : Quantity.getAmountInBytes(Quantity.parse(quantity)).longValue();
    }

    /** A flag that cannot be read holds the operator back: that is the harmless of two mistakes. */
    private boolean flag(String name) {
        String text = annotations.getOrDefault(PREFIX + name, "false");
        if (!text.equals("true") && !text.equals("false")) {
            bad(name, text, "counts as true", "true or false");
        }
        return !text.equals("false");
    }

    private @Nullable Integer id(String name) {
        String text = annotations.getOrDefault(PREFIX + name, "");
        if (text.isEmpty()) {
            return null;
        }
        if (!ID.matcher(text).matches()) {
            bad(name, text, "is ignored", "the id of a voter, such as 2");
            return null;
        }
        return Integer.valueOf(text);
    }

    private Wanted.Recover recover() {
        String text = annotations.getOrDefault(PREFIX + "recover", "");
        if (text.isEmpty()) {
            return new Wanted.Recover.No();
        }
        if (text.equals("look") || text.equals("force-look")) {
            return new Wanted.Recover.Examine(!text.equals("look"));
        }
        Matcher confirm = CONFIRM.matcher(text);
        if (!confirm.matches()) {
            bad(
                    "recover",
                    text,
                    "is ignored",
                    "look, force-look, or the id of a voter and the code of its volume, such as 2/3f9a-12cd");
            return new Wanted.Recover.No();
        }
        return new Wanted.Recover.Confirm(Integer.parseInt(confirm.group(1)), confirm.group(2));
    }

    private void bad(String name, String text, String course, String form) {
        unreadable.add(new Complaint(
                Complaint.BAD_ANNOTATION,
                Texts.line("annotation " + PREFIX + name + " is '" + text + "', which " + course + ": give " + form)));
    }
}
