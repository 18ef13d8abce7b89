package io.holdfast.simulator.mutation;

import io.holdfast.lock.LockTable;
import io.holdfast.simulator.Simulation;
import io.holdfast.simulator.scope.Exploration;
import io.holdfast.zab.core.Zab;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.NullMarked;

/**
 * The simulator and all that it runs, once more, with the classes that a {@link Mutation} changes in its own version.
 */
final class Mutant extends ClassLoader {

    private final Map<String, byte[]> changed;

    /** How a seed ended: the invariant that caught the mutant and what it said; null when none did. */
    record Catch(String invariant, String message) {}

    private Mutant(Map<String, byte[]> changed) {
        super(Mutant.class.getClassLoader());
        this.changed = changed;
    }

    static Mutant of(Mutation mutation) throws IOException {
        return new Mutant(compile(mutation));
    }

    /** Runs a world; returns null when nothing was found. */
    Catch run(long seed) throws ReflectiveOperationException {
        try {
            Object outcome = loadClass(Simulation.class.getName())
                    .getMethod("run", long.class)
                    .invoke(null, seed);
            Object violation = outcome.getClass().getMethod("violation").invoke(outcome);
            String invariant =
                    (String) outcome.getClass().getMethod("invariant").invoke(outcome);
            return violation == null ? null : new Catch(invariant, ((Throwable) violation).getMessage());
        } catch (InvocationTargetException e) {
            return new Catch("I-STOP", String.valueOf(e.getCause()));
        }
    }

    /** Explores a small scope; returns the invariant that is broken and the way there, or nothing. */
    @SuppressWarnings("unchecked")
    List<String> explore(String bound, int statesMax) throws ReflectiveOperationException {
        return (List<String>) loadClass(Exploration.class.getName())
                .getMethod("violation", String.class, int.class)
                .invoke(null, bound, statesMax);
    }

    // ---- loading ----

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("io.holdfast.")) {
            return super.loadClass(name, resolve);
        }
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            return loaded == null ? define(name) : loaded;
        }
    }

    private Class<?> define(String name) throws ClassNotFoundException {
        byte[] bytes = changed.get(name);
        try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
            if (bytes == null && in != null) {
                bytes = in.readAllBytes();
            }
        } catch (IOException e) {
            throw new ClassNotFoundException(name, e);
        }
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes, 0, bytes.length);
    }

    // ---- compiling ----

    private static Map<String, byte[]> compile(Mutation mutation) throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        mutation.sources().forEach((name, text) -> sources.add(new Source(name, text)));
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StringWriter complaints = new StringWriter();
        try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
                Classes classes = new Classes(files)) {
            List<String> options = List.of("-proc:none", "-nowarn", "-classpath", classPath());
            if (!compiler.getTask(complaints, classes, null, options, null, sources)
                    .call()) {
                throw new IllegalStateException(mutation + " does not compile: " + complaints);
            }
            return classes.bytes();
        }
    }

    private static String classPath() {
        return Stream.of(Zab.class, LockTable.class, Simulation.class, NullMarked.class)
                .map(type ->
                        type.getProtectionDomain().getCodeSource().getLocation().getPath())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static final class Source extends SimpleJavaFileObject {
        private final String text;

        Source(String name, String text) {
            super(URI.create("string:///" + name.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private static final class Classes extends ForwardingJavaFileManager<StandardJavaFileManager> {
        private final Map<String, ByteArrayOutputStream> written = new LinkedHashMap<>();

        Classes(StandardJavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                JavaFileManager.Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("bytes:///" + name.replace('.', '/')), kind) {
                @Override
                public OutputStream openOutputStream() {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    written.put(name, out);
                    return out;
                }
            };
        }

        Map<String, byte[]> bytes() {
            Map<String, byte[]> bytes = new LinkedHashMap<>();
            written.forEach((name, out) -> bytes.put(name, out.toByteArray()));
            return bytes;
        }
    }
}
