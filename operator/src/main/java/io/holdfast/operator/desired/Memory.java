package io.holdfast.operator.desired;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How a member divides the memory that it may use. What is neither heap nor direct memory is left to classes, code and
 * threads. The server compares its bounds with its heap when it starts and ends if they do not fit; here the same
 * comparison refuses the specification instead, before a pod is taken down for it.
 *
 * @param heapMegabytes of the heap
 * @param directMegabytes of buffers outside of it
 * @param collector of garbage, as the JVM calls it
 */
record Memory(long heapMegabytes, long directMegabytes, String collector) {

    private static final long MEGABYTE = 1L << 20;
    private static final long HEAP_PERCENT = 65;
    private static final long DIRECT_PERCENT = 10;

    /** Below this the serial collector is used, as the JVM itself chooses; it has no threads and tables of its own. */
    private static final long SERIAL_BYTES_BELOW = 1792 * MEGABYTE;

    /** The serial collector leaves a part of the heap unused. */
    private static final long USABLE_PER_MILLE = 965;

    /** As the server counts what is not one of its bounds. */
    private static final long BASE_BYTES = 48 * MEGABYTE;

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})([KkMmGgTtPpEe]?)");

    static Memory of(String field, String limit, Map<String, String> config) {
        var bytes = Quantity.getAmountInBytes(new Quantity(limit))
                .min(BigDecimal.valueOf(Long.MAX_VALUE / 100))
                .longValue();
        var memory = new Memory(
                bytes / 100 * HEAP_PERCENT / MEGABYTE,
                Math.max(1, bytes / 100 * DIRECT_PERCENT / MEGABYTE),
                bytes < SERIAL_BYTES_BELOW ? "Serial" : "G1");
        var usable = memory.heapMegabytes * USABLE_PER_MILLE / 1000;
        var needed = (needed(config) + MEGABYTE - 1) / MEGABYTE;
        if (usable < needed) {
            var wanted = needed * 1000 * 100 / USABLE_PER_MILLE / HEAP_PERCENT + 2;
            throw new SpecRefusedException(
                    field,
                    limit + " is " + usable + " MiB of heap, and the bounds of the server need " + needed + ": use "
                            + wanted + "Mi, or lower holdfast.limits.state-bytes in spec.config");
        }
        return memory;
    }

    /** As flags of the JVM. */
    String flags() {
        return "-Xmx" + heapMegabytes + "m -XX:MaxDirectMemorySize=" + directMegabytes + "m -XX:+Use" + collector
                + "GC";
    }

    private static long needed(Map<String, String> config) {
        return BASE_BYTES
                + 2 * bytes("holdfast.limits.state-bytes", config)
                + Math.max(bytes("holdfast.zab.window-bytes-max", config), bytes("holdfast.zab.lane-bytes-max", config))
                + bytes("holdfast.zab.outstanding-bytes-max", config)
                + bytes("holdfast.events.history-bytes", config);
    }

    private static long bytes(String key, Map<String, String> config) {
        var text = config.getOrDefault(key, ServerSettings.standard(key));
        var size = SIZE.matcher(text);
        if (!size.matches()) {
            throw new SpecRefusedException("spec.config", key + " is no size: write it as 512K or 64M");
        }
        var exponent =
                size.group(2).isEmpty() ? 0 : "KMGTPE".indexOf(size.group(2).toUpperCase(Locale.ROOT)) + 1;
        return new BigDecimal(size.group(1))
                .multiply(BigDecimal.valueOf(1024).pow(exponent))
                .min(BigDecimal.valueOf(Long.MAX_VALUE / 16))
                .longValue();
    }
}
