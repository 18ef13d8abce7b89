package io.holdfast.simulator;

/** Prints what identifies the runs of some seeds: {@code FIRST COUNT}. */
final class Hashes {

    private Hashes() {}

    public static void main(String[] arguments) {
        System.out.println(of(Long.parseLong(arguments[0]), Integer.parseInt(arguments[1])));
    }

    static String of(long first, int count) {
        StringBuilder text = new StringBuilder();
        for (long seed = first; seed < first + count; seed++) {
            text.append(String.format("%d:%016x ", seed, Simulation.run(seed).hash()));
        }
        return text.toString().strip();
    }
}
