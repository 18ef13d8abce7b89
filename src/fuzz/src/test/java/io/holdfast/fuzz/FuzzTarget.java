package io.holdfast.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * One reader of bytes that others chose. It returns, or throws what it declares, and takes a bounded part of memory.
 *
 * @param name to choose it by
 * @param readers the classes that it tries
 * @param samples what it reads without a fault; damage is done to these
 * @param inputs how many damaged ones a build tries
 * @param declared what it may throw
 * @param reader the reader itself
 */
public record FuzzTarget(
        String name,
        Set<Class<?>> readers,
        List<byte[]> samples,
        int inputs,
        Set<Class<? extends Exception>> declared,
        Reader reader) {

    /** Memory that one input may take. */
    static final long BYTES_MAX = 4 << 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** Reads one input. */
    public interface Reader {

        /** Throws what is declared for what it refuses. */
        void read(byte[] input) throws Exception;
    }

    /** Makes a target of texts. */
    public static List<byte[]> texts(List<String> texts) {
        return texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /**
     * Has it read an input.
     *
     * @return whether it took the input; false when it refused it as declared
     * @throws AssertionError when it did neither, or took too much memory
     */
    boolean takes(byte[] input) {
        long before = THREADS.getCurrentThreadAllocatedBytes();
        boolean taken = read(input.clone());
        long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        if (allocated > BYTES_MAX) {
            // The first time has classes loaded.
            before = THREADS.getCurrentThreadAllocatedBytes();
            read(input.clone());
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
        }
        if (allocated > BYTES_MAX) {
            throw new AssertionError(name + " took " + allocated + " bytes for an input of " + input.length);
        }
        return taken;
    }

    private boolean read(byte[] input) {
        try {
            reader.read(input);
            return true;
        } catch (Exception | StackOverflowError e) {
            if (e instanceof Exception && declared.stream().anyMatch(type -> type.isInstance(e))) {
                return false;
            }
            throw new AssertionError(name + " threw what it does not declare", e);
        }
    }
}
