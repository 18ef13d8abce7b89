package io.holdfast.guard.jdbc;

import io.holdfast.guard.Waiting;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Starts each database once for all tests of this JVM, and stops it when the JVM ends. */
public final class Databases {

    private static Optional<Database> h2 = Optional.empty();
    private static Optional<Database> postgres = Optional.empty();
    private static Optional<Database> mariadb = Optional.empty();

    private Databases() {}

    /** Returns H2, in memory. */
    public static synchronized Database h2() throws Exception {
        if (h2.isEmpty()) {
            h2 = Optional.of(ready(new Database(
                    "jdbc:h2:mem:guard;DB_CLOSE_DELAY=-1;LOCK_TIMEOUT=60000",
                    Dialect.STANDARD,
                    // A session that tries its INSERT again and again names no blocker.
                    "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SESSIONS WHERE BLOCKER_ID IS NOT NULL"
                            + " OR EXECUTING_STATEMENT LIKE 'INSERT INTO holdfast_fence%'")));
        }
        return h2.get();
    }

    /** Returns PostgreSQL, from its build on Maven Central for the one platform that it is fetched for. */
    public static synchronized Database postgres() throws Exception {
        Assumptions.assumeTrue(
                System.getProperty("os.name").equals("Linux")
                        && System.getProperty("os.arch").equals("amd64"),
                () -> told("PostgreSQL: its build for tests is for Linux on amd64"));
        Assumptions.assumeTrue(
                mayRunPostgres(), () -> told("PostgreSQL: root cannot run it where user namespaces are forbidden"));
        if (postgres.isEmpty()) {
            // Closed by its own hook.
            var server = EmbeddedPostgres.builder()
                    .setPGStartupWait(Duration.ofSeconds(60))
                    .setServerConfig("fsync", "off")
                    .setServerConfig("full_page_writes", "off")
                    .setServerConfig("shared_buffers", "16MB")
                    .setServerConfig("lock_timeout", "60s")
                    .start();
            postgres = Optional.of(ready(new Database(
                    server.getJdbcUrl("postgres", "postgres"),
                    Dialect.POSTGRESQL,
                    "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")));
        }
        return postgres.get();
    }

    /** PostgreSQL refuses to run as root; its starter then takes a user namespace, in which root has another number. */
    private static boolean mayRunPostgres() throws IOException, InterruptedException {
        return !System.getProperty("user.name").equals("root")
                || new ProcessBuilder("unshare", "-U", "true").start().waitFor() == 0;
    }

    /** Returns the MariaDB of this machine, on an empty directory and without users. */
    public static synchronized Database mariadb() throws Exception {
        var program = Stream.of(System.getenv("PATH").split(":"), new String[] {"/usr/sbin", "/usr/local/sbin"})
                .flatMap(Stream::of)
                .map(directory -> Path.of(directory, "mariadbd"))
                .filter(Files::isExecutable)
                .findFirst();
        Assumptions.assumeTrue(
                program.isPresent(), () -> told("MariaDB: this machine has none (Debian: mariadb-server-core)"));
        if (mariadb.isEmpty()) {
            mariadb = Optional.of(ready(new Database(
                    "jdbc:mariadb://127.0.0.1:" + startMariadb(program.get()) + "/guard?createDatabaseIfNotExist=true",
                    Dialect.MYSQL,
                    "SELECT variable_value FROM information_schema.global_status"
                            + " WHERE variable_name = 'INNODB_ROW_LOCK_CURRENT_WAITS'")));
        }
        return mariadb.get();
    }

    private static Database ready(Database database) throws Exception {
        database.execute(new FenceTable(database.dialect()).createTable());
        database.execute("CREATE TABLE account (id varchar(64) NOT NULL PRIMARY KEY, balance bigint NOT NULL,"
                + " fence bigint NOT NULL)");
        return database;
    }

    private static int startMariadb(Path program) throws Exception {
        var directory = Files.createTempDirectory("holdfast-mariadb");
        int port = freePort();
        var process = new ProcessBuilder(List.of(
                        program.toString(),
                        "--no-defaults",
                        "--user=" + System.getProperty("user.name"),
                        "--datadir=" + directory,
                        "--socket=" + directory.resolve("socket"),
                        "--bind-address=127.0.0.1",
                        "--port=" + port,
                        "--skip-grant-tables",
                        "--skip-log-bin",
                        "--innodb-log-file-size=4M",
                        "--innodb-buffer-pool-size=8M",
                        "--innodb-lock-wait-timeout=60",
                        "--innodb-flush-log-at-trx-commit=0"))
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("log").toFile())
                .start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(process, directory)));
        Waiting.until("MariaDB is ready", () -> {
            var log = Files.readString(directory.resolve("log"));
            if (!process.isAlive()) {
                throw new IOException("MariaDB ended with " + process.exitValue() + ":\n" + log);
            }
            return log.contains("ready for connections");
        });
        return port;
    }

    private static void stop(Process process, Path directory) {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
            try (var files = Files.walk(directory)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException | InterruptedException ended) {
            // The JVM ends; what is left is in the directory for temporary files.
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static String told(String absence) {
        System.out.println("NOT TESTED: " + absence);
        return absence;
    }
}
