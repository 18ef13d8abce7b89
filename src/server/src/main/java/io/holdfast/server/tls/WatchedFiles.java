package io.holdfast.server.tls;

import io.holdfast.server.config.BadConfiguration;
import io.holdfast.server.config.TlsConfig;
import io.holdfast.zab.tls.TlsFile;
import io.holdfast.zab.tls.TlsFileException;
import io.holdfast.zab.tls.TlsFiles;
import io.holdfast.zab.tls.TlsMaterial;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The files of one use of TLS. Those that cannot be used change nothing: what was read before stays in use. Read by one
 * thread at a time; what it shows is for any thread.
 */
public final class WatchedFiles {

    private static final Logger LOG = Logger.getLogger("io.holdfast.tls");

    /** Checks what the files have beyond that they belong together. */
    interface Check {
        void check(TlsMaterial material) throws TlsFileException;
    }

    private final String use;
    private final String prefix;
    private final String authorities;
    private final Check check;
    private final LongAdder failures = new LongAdder();
    private volatile @Nullable TlsFiles files;
    private volatile @Nullable TlsMaterial material;
    private @Nullable String saidLast;

    /**
     * Makes one that has read nothing.
     *
     * @param use as meters and log lines name it
     * @param prefix of the settings, with the dot
     * @param authorities the last part of the setting that names the file of those
     */
    WatchedFiles(String use, String prefix, String authorities, Check check) {
        this.use = use;
        this.prefix = prefix;
        this.authorities = authorities;
        this.check = check;
    }

    /**
     * Reads the files for the first time; blocks.
     *
     * @throws BadConfiguration naming the setting whose file cannot be used
     */
    TlsMaterial begin(Vertx vertx, TlsFiles named) {
        files = named;
        try {
            TlsMaterial first = read(vertx, named);
            material = first;
            return first;
        } catch (TlsFileException e) {
            throw new BadConfiguration(setting(e.file()), String.valueOf(e.getMessage()));
        }
    }

    /** Reads the files again and gives away what is new in them; blocks. */
    void look(Vertx vertx, Consumer<TlsMaterial> next) {
        TlsFiles named = files;
        TlsMaterial old = material;
        if (named == null || old == null) {
            return;
        }
        try {
            TlsMaterial read = read(vertx, named);
            if (old.fingerprint().equals(read.fingerprint())) {
                saidLast = null;
                return;
            }
            next.accept(read);
            material = read;
            saidLast = null;
            LOG.infof(
                    "new certificate files for %s are in use; the certificate expires at %s",
                    use, Instant.ofEpochMilli(read.expiresAtMillis()));
        } catch (TlsFileException | RuntimeException e) {
            failed(e);
        }
    }

    private TlsMaterial read(Vertx vertx, TlsFiles named) throws TlsFileException {
        TlsMaterial read = named.read(vertx, System.currentTimeMillis());
        check.check(read);
        return read;
    }

    /** Once for each fault, however often it is met. */
    private void failed(Exception e) {
        failures.increment();
        String setting = e instanceof TlsFileException named ? setting(named.file()) + ": " : "";
        String says = setting + e.getMessage();
        if (!says.equals(saidLast)) {
            saidLast = says;
            LOG.errorf("the certificate files for %s cannot be used, and those read before stay in use: %s", use, says);
        }
    }

    private String setting(TlsFile file) {
        return prefix + (file == TlsFile.AUTHORITY ? authorities : file.setting());
    }

    /**
     * Returns the file of a setting.
     *
     * @param because another setting has this value
     * @throws BadConfiguration when it is not set
     */
    Path needed(String name, Optional<Path> file, Enum<?> because) {
        return file.orElseThrow(() -> new BadConfiguration(
                prefix + name,
                "is needed when " + prefix
                        + (because instanceof TlsConfig.ClientCertificates ? "client-certificates" : "mode") + " is "
                        + because.name().toLowerCase(Locale.ROOT)
                        + "; set it to a PEM file, docs/security.md shows how to make them"));
    }

    /** Returns what the certificate is for. */
    public String use() {
        return use;
    }

    /** Returns what is in use; null while nothing was read. */
    @Nullable
    TlsMaterial material() {
        return material;
    }

    /** Returns how often files could not be used since the start. */
    public long failures() {
        return failures.sum();
    }

    /** Returns for how long the certificate in use is valid from now on; NaN while none was read. */
    public double secondsLeft() {
        TlsMaterial now = material;
        return now == null ? Double.NaN : (now.expiresAtMillis() - System.currentTimeMillis()) / 1_000.0;
    }
}
