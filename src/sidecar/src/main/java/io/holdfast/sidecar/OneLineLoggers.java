package io.holdfast.sidecar;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * Logs a line each to standard error, also while the JVM ends, when the JDK's own loggers say nothing any more. A stack
 * trace is shown with {@code HOLDFAST_LOG=debug} only.
 */
public final class OneLineLoggers extends System.LoggerFinder {

    private static final PrintStream ERR =
            new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);

    private static final boolean DEBUG = "debug".equals(System.getenv("HOLDFAST_LOG"));

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Line(name);
    }

    private record Line(String name) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            boolean own = name.startsWith("io.holdfast");
            return level.getSeverity() >= (own ? DEBUG ? Level.DEBUG : Level.INFO : Level.WARNING).getSeverity();
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String text, @Nullable Throwable thrown) {
            if (!isLoggable(level)) {
                return;
            }
            String cause = thrown == null ? "" : ": " + thrown;
            ERR.println(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " "
                    + level.getName().toLowerCase(Locale.ROOT) + " " + text + cause);
            if (thrown != null && DEBUG) {
                thrown.printStackTrace(ERR);
            }
        }

        @Override
        public void log(
                Level level, @Nullable ResourceBundle bundle, @Nullable String format, @Nullable Object... values) {
            if (isLoggable(level)) {
                boolean bare = values == null || values.length == 0 || format == null;
                log(level, bundle, bare ? format : MessageFormat.format(format, values), (Throwable) null);
            }
        }
    }
}
