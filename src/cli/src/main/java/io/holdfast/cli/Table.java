package io.holdfast.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows under a heading, in columns as wide as what is in them. Used by one thread. */
final class Table {

    private static final String BOLD = "\u001b[1m";
    private static final String PLAIN = "\u001b[0m";
    private static final String GAP = "  ";

    private final List<String> heading;
    private final Set<Integer> numbers;
    private final List<List<String>> rows = new ArrayList<>();

    private Table(List<String> heading, Set<Integer> numbers) {
        this.heading = heading;
        this.numbers = numbers;
    }

    /** A table with these columns. */
    static Table of(String... heading) {
        return new Table(List.of(heading), Set.of());
    }

    /** The same, with these columns to the right, counted from 0. */
    Table numbers(Integer... columns) {
        return new Table(heading, Set.of(columns));
    }

    /** Adds a row; what is null is shown as a dash. */
    void row(@Nullable Object... cells) {
        List<String> row = new ArrayList<>();
        for (@Nullable Object cell : cells) {
            String text = cell == null ? "" : Words.plain(cell.toString());
            row.add(text.isEmpty() ? "-" : text);
        }
        rows.add(row);
    }

    /** Prints the first cell of each row. */
    List<String> firstColumn() {
        return rows.stream().map(row -> row.get(0)).toList();
    }

    /** Prints heading and rows. */
    void print(PrintStream out, boolean colours) {
        int[] widths = new int[heading.size()];
        measure(heading, widths);
        rows.forEach(row -> measure(row, widths));
        String first = line(heading, widths);
        out.println(colours ? BOLD + first + PLAIN : first);
        rows.forEach(row -> out.println(line(row, widths)));
    }

    private static void measure(List<String> row, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            widths[i] = Math.max(widths[i], columns(row.get(i)));
        }
    }

    private static int columns(String text) {
        return text.codePointCount(0, text.length());
    }

    private String line(List<String> row, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < row.size(); i++) {
            String cell = row.get(i);
            String space = " ".repeat(widths[i] - columns(cell));
            line.append(i == 0 ? "" : GAP).append(numbers.contains(i) ? space + cell : cell + space);
        }
        return line.toString().stripTrailing();
    }
}
