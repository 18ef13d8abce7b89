package io.holdfast.quarkus;

import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** A file to which all processes of the application append lines. */
@ApplicationScoped
class Journal {

    private final Path file;
    private final String process;

    Journal(
            @ConfigProperty(name = "journal.file") Path file,
            @ConfigProperty(name = "holdfast.client.candidate") String process) {
        this.file = file;
        this.process = process;
    }

    void note(String what) {
        try {
            Files.writeString(file, process + " " + what + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
