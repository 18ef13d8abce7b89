package io.holdfast.tidy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Limits on sizes; what is over one is listed with its present size, which may only fall. */
final class Ratchet {

    private final Map<String, Integer> listed = new TreeMap<>();
    private final List<String> complaints = new ArrayList<>();

    /** Reads lines of {@code what size}; an entry that no measure meets any more is a complaint too. */
    Ratchet(Path file) throws IOException {
        for (var line : linesOf(file)) {
            var parts = line.split("\\s+");
            listed.put(parts[0], Integer.valueOf(parts[1]));
        }
    }

    void measure(String what, int size, int limit) {
        if (size <= limit) {
            return;
        }
        var allowed = listed.remove(what);
        if (allowed == null) {
            complaints.add(what + " is " + size + ", the limit is " + limit);
        } else if (size > allowed) {
            complaints.add(what + " has grown from " + allowed + " to " + size);
        } else if (size < allowed) {
            complaints.add(what + " has fallen to " + size + ": lower its line in the ratchet file");
        }
    }

    /** What is wrong once everything has been measured. */
    List<String> complaints() {
        listed.keySet().forEach(what -> complaints.add(what + " is within its limit: remove it from the ratchet file"));
        listed.clear();
        return List.copyOf(complaints);
    }

    /** The lines of a list file: comments and blank lines are left out, so is what follows two blanks and a #. */
    static List<String> linesOf(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> line.replaceAll("(^|\\s+)#.*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
