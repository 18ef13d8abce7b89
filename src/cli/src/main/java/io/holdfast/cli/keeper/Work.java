package io.holdfast.cli.keeper;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Everything that runs under one guard, found and killed without the guard's help. Any thread.
 *
 * <p>A process belongs to it when its environment has the guard's mark, which all below the guard inherit, or the id of
 * the grant; or when it is in the session that the command made.
 */
final class Work {

    /** A grant has some; more is not looked at, since the environment comes first. */
    private static final int ENVIRONMENT_BYTES_MAX = 4 << 20;

    private final Path proc;
    private final long guard;
    private final String mark;
    private volatile String grant = "";
    private volatile @Nullable Command command;

    /** The command's first process: its number, and when it began as far as that is known. */
    private record Command(long pid, Optional<ProcessHandle> handle, boolean ownSession) {
        boolean isReplaced() {
            return handle.isEmpty()
                    || ProcessHandle.of(pid)
                            .filter(now -> !now.equals(handle.get()))
                            .isPresent();
        }
    }

    /** What one guard started. */
    Work(long guard, String mark) {
        this(Path.of("/proc"), guard, mark);
    }

    Work(Path proc, long guard, String mark) {
        this.proc = proc;
        this.guard = guard;
        this.mark = mark;
    }

    /** A new grant, whose command has not started. */
    void granted(String id) {
        grant = id;
        command = null;
    }

    /** The command has started; {@code ownSession} when it is the leader of a session and a group. */
    void started(long pid, boolean ownSession) {
        command = new Command(pid, ProcessHandle.of(pid), ownSession);
    }

    /** Whether it was heard that the command has started. */
    boolean isStarted() {
        return command != null;
    }

    /** The command has ended. */
    void ended() {
        command = null;
    }

    /** Kills the guard itself, which did not say in time whether it started the command. */
    void killGuard() {
        ProcessHandle.of(guard).ifPresent(ProcessHandle::destroyForcibly);
    }

    /**
     * Kills all that is found, once.
     *
     * @return how many there were; 0 means that nothing is left
     */
    int kill() {
        Command known = command;
        if (known != null && !known.isReplaced()) {
            known.handle().ifPresent(ProcessHandle::destroyForcibly);
        }
        List<Long> found = find();
        for (long pid : found) {
            ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
        }
        return found.size();
    }

    /** The processes that belong to it and are not dead. */
    List<Long> find() {
        List<Long> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(proc, "[0-9]*")) {
            for (Path entry : entries) {
                long pid = number(entry.getFileName().toString());
                if (pid > 0 && pid != guard && pid != ProcessHandle.current().pid() && belongs(entry)) {
                    found.add(pid);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + proc, e);
        }
        return found;
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private boolean belongs(Path entry) {
        String environment = read(entry.resolve("environ"));
        if (environment.contains(mark) || (!grant.isEmpty() && environment.contains("HOLDFAST_GRANT=" + grant))) {
            return true;
        }
        Command known = command;
        return known != null && known.ownSession() && !known.isReplaced() && isIn(known.pid(), entry);
    }

    /** Whether a process that is not dead is in a session and group. */
    private static boolean isIn(long session, Path entry) {
        String stat = read(entry.resolve("stat"));
        // pid (name) state ppid pgrp session ...
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        String id = Long.toString(session);
        return fields.length > 3
                && !fields[0].equals("Z")
                && !fields[0].equals("X")
                && fields[2].equals(id)
                && fields[3].equals(id);
    }

    /** The file; empty when there is none, or it is another user's. */
    private static String read(Path file) {
        try (FileInputStream in = new FileInputStream(file.toFile())) {
            return new String(in.readNBytes(ENVIRONMENT_BYTES_MAX), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
