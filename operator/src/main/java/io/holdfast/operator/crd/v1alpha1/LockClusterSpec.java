package io.holdfast.operator.crd.v1alpha1;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.generator.annotation.Default;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is asked of an ensemble. */
@ValidationRule(
        value = "has(self.clusterId) == has(oldSelf.clusterId) && (!has(self.clusterId) || "
                + "self.clusterId == oldSelf.clusterId)",
        message = "clusterId cannot change, it is in the ensemble's data: make a new cluster, "
                + "and restore a backup into it")
@ValidationRule(
        value = "has(self.bootstrap) == has(oldSelf.bootstrap) && (!has(self.bootstrap) || "
                + "self.bootstrap == oldSelf.bootstrap)",
        message = "bootstrap cannot change, it says how the ensemble began: make a new cluster")
@ValidationRule(
        value = "!self.storage.ephemeral || self.voters == 1",
        message = "storage.ephemeral is for one voter only: set voters to 1, or remove storage.ephemeral")
@ValidationRule(
        value = "!has(self.auth) || (has(self.tls) && self.tls.enabled && self.tls.clients == 'Required')",
        message = "auth needs secured connections: give tls, with clients: Required")
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
public record LockClusterSpec(
        @JsonPropertyDescription("Members with a vote. An odd number: an even one tolerates no more failures.")
        @Default("3")
        @Min(1)
        @Max(7)
        int voters,

        @JsonPropertyDescription("Image of the server.") @Required @Size(min = 1, max = 512) @Pattern("^[^\\s]+$")
        String image,

        @JsonPropertyDescription("When the kubelet pulls the image.") @Default("IfNotPresent")
        PullPolicy imagePullPolicy,

        @JsonPropertyDescription("Secrets with which the image is pulled.") @Size(max = 8)
        List<LocalObjectReference> imagePullSecrets,

        @JsonPropertyDescription("Name of the ensemble for ever, in its data and its backups. Default: namespace.name.")
        @Nullable
        @Size(min = 1, max = 64)
        @Pattern("^[A-Za-z0-9._-]+$")
        String clusterId,

        @JsonPropertyDescription("What the ensemble begins with; absent: with nothing.") @Nullable
        Bootstrap bootstrap,

        @JsonPropertyDescription("The volumes of voters.") @Default("{}")
        Storage storage,

        @JsonPropertyDescription("Of the container of each voter. Heap and direct memory follow the memory limit.")
        @Default("{}")
        Resources resources,

        @JsonPropertyDescription("How long a session lives without a keepalive.") @Default("{}")
        SessionTimes session,

        @JsonPropertyDescription("Any other setting of the server, by its key: holdfast.limits.polls. A key "
                + "that the operator sets itself is refused.")
        @Size(max = 64)
        Map<String, String> config,

        @JsonPropertyDescription("Holds the level of the ensemble while the release may be taken back; absent: "
                + "what the image speaks.")
        @Nullable
        @Min(1)
        @Max(1000)
        Integer protocolMax,

        @JsonPropertyDescription("How a change goes from pod to pod.") @Default("{}")
        Updates updates,

        @JsonPropertyDescription("Where pods are put.") @Default("{}")
        Placement placement,

        @JsonPropertyDescription(
                "A PodTemplateSpec that is merged over what the operator renders, containers by their names.")
        @Nullable
        ObjectNode podTemplate,

        @JsonPropertyDescription("How connections are secured; absent: they are not.") @Nullable
        Tls tls,

        @JsonPropertyDescription("Which credentials members accept, and who is an administrator; absent: everyone "
                + "who reaches them may do everything.")
        @Nullable
        Auth auth,

        @JsonPropertyDescription("Which pods reach which port; absent: no NetworkPolicy is made.") @Nullable
        NetworkAccess networkPolicy,

        @JsonPropertyDescription("The Services that clients use.") @Default("{}")
        Services services) {

    /** Gives what is absent its default. */
    public LockClusterSpec {
        voters = voters == 0 ? 3 : voters;
        imagePullPolicy = imagePullPolicy == null ? PullPolicy.IF_NOT_PRESENT : imagePullPolicy;
        imagePullSecrets = imagePullSecrets == null ? List.of() : List.copyOf(imagePullSecrets);
        storage = storage == null ? Storage.DEFAULT : storage;
        resources = resources == null ? Resources.DEFAULT : resources;
        session = session == null ? SessionTimes.DEFAULT : session;
        config = config == null ? Map.of() : Collections.unmodifiableSortedMap(new TreeMap<>(config));
        updates = updates == null ? Updates.DEFAULT : updates;
        placement = placement == null ? Placement.DEFAULT : placement;
        services = services == null ? Services.DEFAULT : services;
    }
}
