package io.holdfast.zab.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Other users of a machine read nothing of what a node keeps. */
class DirectoryAccessTest {

    @TempDir
    private Path parent;

    private static String mode(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }

    @Test
    void whatANodeCreatesIsForItsUserAlone() throws IOException {
        Path directory = parent.resolve("a/data");
        FileDisk disk = FileDisk.at(directory.toString());
        assertTrue(disk.lock());
        disk.create("log-1").close();
        disk.keepAside("aside");
        assertEquals("rwx------", mode(directory));
        assertEquals("rw-------", mode(directory.resolve("log-1")));
        assertEquals("rwx------", mode(directory.resolve("aside")));
        try (var files = Files.list(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertEquals("rw-------", mode(file), file.toString());
            }
        }
    }

    @Test
    void aDirectoryThatWasOpenToOtherUsersIsTakenFromThem() throws IOException {
        for (String[] modes :
                new String[][] {{"rwxr-xr-x", "rwxr-x---"}, {"rwxrwxrwx", "rwxrwx---"}, {"rwxrwx---", "rwxrwx---"}}) {
            Path directory = Files.createDirectory(parent.resolve(modes[0] + modes[1]));
            Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString(modes[0]));
            FileDisk.at(directory.toString());
            assertEquals(modes[1], mode(directory));
        }
    }
}
