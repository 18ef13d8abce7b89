package io.holdfast.operator.backup;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeBuilder;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.VolumeMountBuilder;
import io.holdfast.operator.crd.v1alpha1.BackupTarget;
import io.holdfast.operator.crd.v1alpha1.S3Object;
import io.holdfast.operator.crd.v1alpha1.S3Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where files of backups are: a claim, or a bucket. A file has a path there, which is a key in a bucket; people are
 * told it as a location, {@code claim://nfs/orders/…} or {@code s3://backups/orders/…}.
 */
public sealed interface Store {

    /** Directory of a pod in which a claim is mounted. */
    String MOUNTED_AT = "/backup";

    /** A PersistentVolumeClaim of the namespace of the pod. */
    record OnClaim(String claim) implements Store {

        @Override
        public String inPod(String path) {
            return MOUNTED_AT + "/" + path;
        }

        @Override
        public String root() {
            return "claim://" + claim + "/";
        }
    }

    /**
     * A bucket.
     *
     * @param endpoint URL of the store; absent: the provider's own
     * @param credentialsSecret name of the Secret with the keys; absent: what the pod is given by its environment
     */
    record InBucket(
            @Nullable String endpoint,
            @Nullable String region,
            String bucket,
            @Nullable String credentialsSecret) implements Store {

        @Override
        public String inPod(String path) {
            return root() + path;
        }

        @Override
        public String root() {
            return "s3://" + bucket + "/";
        }
    }

    /** Returns the store that a target names; empty when it names none, or two. */
    static Optional<Store> of(BackupTarget target) {
        S3Target s3 = target.s3();
        String claim = target.claim();
        if ((s3 == null) == (claim == null)) {
            return Optional.empty();
        }
        return Optional.of(
                s3 == null
                        ? new OnClaim(claim)
                        : new InBucket(s3.endpoint(), s3.region(), s3.bucket(), s3.credentialsSecret()));
    }

    /** Returns the store that has an object. */
    static Store of(S3Object object) {
        return new InBucket(object.endpoint(), object.region(), object.bucket(), object.credentialsSecret());
    }

    /** Returns a path as a command in the pod is given it. */
    String inPod(String path);

    /** Returns what the locations of all files begin with. */
    String root();

    /** Returns the path of a file; empty when the location is not in this store. */
    default Optional<String> path(String location) {
        return location.startsWith(root()) ? Optional.of(location.substring(root().length())) : Optional.empty();
    }

    /** Returns the options of a command that say how the store is reached. */
    default List<String> options() {
        List<String> options = new ArrayList<>();
        if (this instanceof InBucket s3) {
            if (s3.endpoint() != null) {
                options.addAll(List.of("--s3-endpoint", s3.endpoint()));
            }
            if (s3.region() != null) {
                options.addAll(List.of("--s3-region", s3.region()));
            }
        }
        return options;
    }

    /** Returns the credentials, by reference: the kubelet reads them, the operator does not. */
    default List<EnvVar> environment() {
        if (!(this instanceof InBucket s3) || s3.credentialsSecret() == null) {
            return List.of();
        }
        String secret = s3.credentialsSecret();
        return Stream.of("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
                .map(key -> new EnvVarBuilder()
                        .withName(key)
                        .withNewValueFrom()
                        .withNewSecretKeyRef(key, secret, key.equals("AWS_SESSION_TOKEN"))
                        .endValueFrom()
                        .build())
                .toList();
    }

    /** Returns the volumes that a pod needs. */
    default List<Volume> volumes(boolean readOnly) {
        return this instanceof OnClaim on
                ? List.of(new VolumeBuilder()
                        .withName("backup")
                        .withNewPersistentVolumeClaim(on.claim(), readOnly)
                        .build())
                : List.of();
    }

    /** Returns where the container mounts them. */
    default List<VolumeMount> mounts(boolean readOnly) {
        return this instanceof OnClaim
                ? List.of(new VolumeMountBuilder()
                        .withName("backup")
                        .withMountPath(MOUNTED_AT)
                        .withReadOnly(readOnly)
                        .build())
                : List.of();
    }
}
