package io.holdfast.operator.paper.kubelet;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.SecretVolumeSource;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The volumes of a pod as folders. Processes see this machine's files, not a container's: where a setting or an
 * argument names a path under a mount it gets the folder's instead.
 */
final class Volumes {

    private final Map<String, Path> folders = new HashMap<>();

    private Volumes() {}

    /**
     * Makes the folders.
     *
     * @throws Environment.MissingException when a claim is not bound, or a ConfigMap or Secret not there, yet
     */
    static Volumes of(KubernetesClient client, Pod pod, Path root, Environment environment)
            throws IOException, Environment.MissingException {
        var volumes = new Volumes();
        var own = root.resolve("pods").resolve(pod.getMetadata().getUid());
        for (var volume : pod.getSpec().getVolumes()) {
            var folder = volume.getPersistentVolumeClaim() != null
                    ? claim(client, pod, root, volume.getPersistentVolumeClaim().getClaimName())
                    : Files.createDirectories(own.resolve(volume.getName()));
            volumes.folders.put(volume.getName(), folder);
            write(volume, folder, environment);
        }
        return volumes;
    }

    private static Path claim(KubernetesClient client, Pod pod, Path root, String name)
            throws IOException, Environment.MissingException {
        var claim = client.persistentVolumeClaims()
                .inNamespace(pod.getMetadata().getNamespace())
                .withName(name)
                .get();
        if (claim == null || !"Bound".equals(claim.getStatus().getPhase())) {
            throw new Environment.MissingException("persistentvolumeclaim \"" + name + "\" is not bound");
        }
        return Files.createDirectories(folder(root, claim.getMetadata().getUid()));
    }

    static Path folder(Path root, String claimUid) {
        return root.resolve("claims").resolve(claimUid);
    }

    private static void write(Volume volume, Path folder, Environment environment)
            throws IOException, Environment.MissingException {
        var files = new HashMap<String, String>();
        if (volume.getConfigMap() != null) {
            files.putAll(environment.files("configmap", volume.getConfigMap().getName()));
        }
        if (volume.getSecret() != null) {
            files.putAll(secret(volume.getSecret(), environment));
        }
        for (var file : files.entrySet()) {
            put(folder.resolve(file.getKey()), file.getValue());
        }
    }

    private static Map<String, String> secret(SecretVolumeSource source, Environment environment)
            throws Environment.MissingException {
        var all = environment.files("secret", source.getSecretName());
        if (source.getItems() == null || source.getItems().isEmpty()) {
            return all;
        }
        var files = new HashMap<String, String>();
        for (var item : source.getItems()) {
            var text = all.get(item.getKey());
            if (text == null) {
                throw new Environment.MissingException("secret " + source.getSecretName() + " has no " + item.getKey());
            }
            files.put(item.getPath(), text);
        }
        return files;
    }

    /** As a whole: a server that reads meanwhile sees the file of before. */
    private static void put(Path file, String text) throws IOException {
        if (Files.exists(file) && Files.readString(file).equals(text)) {
            return;
        }
        var next = Files.createTempFile(file.getParent(), "next", "");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Secrets that have changed, as a kubelet does from time to time. */
    void refresh(Pod pod, Environment environment) throws IOException, Environment.MissingException {
        for (var volume : pod.getSpec().getVolumes()) {
            var folder = folders.get(volume.getName());
            if (folder != null && volume.getSecret() != null) {
                write(volume, folder, environment);
            }
        }
    }

    /** With paths of folders replaced by those under which the container has them. */
    String inside(Container container, String text) {
        var seen = text;
        for (var place : places(container).entrySet()) {
            seen = seen.replace(place.getValue(), place.getKey());
        }
        return seen;
    }

    /** Folders, by the path under which the container has them. */
    private Map<String, String> places(Container container) {
        var places = new HashMap<String, String>();
        for (var mount : container.getVolumeMounts()) {
            var folder = folders.get(mount.getName());
            if (folder != null) {
                var place = mount.getSubPath() == null ? folder : folder.resolve(mount.getSubPath());
                places.put(mount.getMountPath(), place.toString());
            }
        }
        return places;
    }

    /** With paths under a mount of the container replaced by the folder's. */
    String translate(Container container, String text) {
        var places = places(container);
        if (places.isEmpty()) {
            return text;
        }
        var longestFirst = places.keySet().stream()
                .sorted(Comparator.comparing(path -> -path.length()))
                .map(Pattern::quote)
                .collect(Collectors.joining("|"));
        return Pattern.compile("(?<![\\w./-])(" + longestFirst + ")(?![\\w.-])")
                .matcher(text)
                .replaceAll(match -> Matcher.quoteReplacement(places.get(match.group(1))));
    }
}
