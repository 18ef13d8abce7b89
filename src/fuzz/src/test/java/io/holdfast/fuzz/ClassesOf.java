package io.holdfast.fuzz;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The classes of this project's modules. */
final class ClassesOf {

    private static final String END = ".class";

    private ClassesOf() {}

    /** Returns all classes beside those, in the same directories or archives. */
    static List<Class<?>> all(Class<?>... beside) throws IOException {
        List<Class<?>> all = new ArrayList<>();
        for (Class<?> type : beside) {
            try {
                Path place = Path.of(
                        type.getProtectionDomain().getCodeSource().getLocation().toURI());
                if (Files.isDirectory(place)) {
                    add(place, all);
                } else {
                    try (FileSystem archive = FileSystems.newFileSystem(place)) {
                        add(archive.getPath("/"), all);
                    }
                }
            } catch (URISyntaxException e) {
                throw new IOException(e);
            }
        }
        return all;
    }

    private static void add(Path root, List<Class<?>> all) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                String name = root.relativize(file).toString();
                if (name.endsWith(END) && !name.endsWith("-info.class")) {
                    String type =
                            name.substring(0, name.length() - END.length()).replace('/', '.');
                    try {
                        all.add(Class.forName(type, false, ClassesOf.class.getClassLoader()));
                    } catch (ClassNotFoundException e) {
                        throw new IOException(e);
                    }
                }
            }
        }
    }
}
