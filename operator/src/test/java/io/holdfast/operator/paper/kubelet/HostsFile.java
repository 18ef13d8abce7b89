package io.holdfast.operator.paper.kubelet;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** The name service of pods: a file that their JVMs read at each look-up, replaced as a whole when it changes. */
final class HostsFile {

    private final Path file;
    private SortedMap<String, String> written = new TreeMap<>();
    private volatile boolean away;

    HostsFile(Path file) throws IOException {
        this.file = file;
        replace(Map.of());
    }

    Path file() {
        return file;
    }

    void away(boolean now) {
        away = now;
    }

    /** @param names with their addresses */
    void write(SortedMap<String, String> names) throws IOException {
        var now = away ? new TreeMap<String, String>() : names;
        if (!now.equals(written)) {
            replace(now);
            written = now;
        }
    }

    private void replace(Map<String, String> names) throws IOException {
        var text = new StringBuilder(
                "127.0.0.1 localhost " + InetAddress.getLocalHost().getHostName() + "\n");
        names.forEach(
                (name, address) -> text.append(address).append(' ').append(name).append('\n'));
        var next = file.resolveSibling(file.getFileName() + ".next");
        Files.writeString(next, text);
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
