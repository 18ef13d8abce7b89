package io.holdfast.cli;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.ScopeType;

/** The options that every command has; null or empty when not given. Filled when the command line is read. */
public final class GlobalOptions {

    @Option(
            names = {"-e", "--endpoints"},
            split = ",",
            paramLabel = "URL",
            scope = ScopeType.INHERIT,
            order = 100,
            description = "Nodes to ask, http://HOST:PORT,… (HOLDFAST_ENDPOINTS)")
    List<String> endpoints = List.of();

    @Option(
            names = "--context",
            paramLabel = "NAME",
            scope = ScopeType.INHERIT,
            order = 101,
            description = "Context with the settings (HOLDFAST_CONTEXT)")
    @Nullable
    String context;

    @Option(
            names = "--auth-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 102,
            description = "File with the credential; - is standard input (HOLDFAST_AUTH_FILE)")
    @Nullable
    String authFile;

    @Option(
            names = "--ca-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 103,
            description = "PEM file of the authorities that nodes are certified by (HOLDFAST_CA_FILE)")
    @Nullable
    String caFile;

    @Option(
            names = "--cert-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 104,
            description = "PEM file with a certificate to show (HOLDFAST_CERT_FILE)")
    @Nullable
    String certFile;

    @Option(
            names = "--key-file",
            paramLabel = "FILE",
            scope = ScopeType.INHERIT,
            order = 105,
            description = "PEM file with its key (HOLDFAST_KEY_FILE)")
    @Nullable
    String keyFile;

    @Option(names = "--json", scope = ScopeType.INHERIT, order = 106, description = "Print what the API answered")
    boolean json;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORM",
            scope = ScopeType.INHERIT,
            order = 107,
            description = "table, or name for names alone")
    @Nullable
    String output;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            scope = ScopeType.INHERIT,
            order = 108,
            description = "How long to look for a node that answers, 10s unless given (HOLDFAST_TIMEOUT)")
    @Nullable
    String timeout;

    @Option(
            names = {"-q", "--quiet"},
            scope = ScopeType.INHERIT,
            order = 109,
            description = "Print the answer and errors only")
    boolean quiet;

    @Option(
            names = {"-v", "--verbose"},
            scope = ScopeType.INHERIT,
            order = 110,
            description = "Print where a failure came from")
    boolean verbose;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            order = 111,
            description = "Print this text")
    boolean help;

    /** How an answer is printed. */
    public enum Form {
        /** For people. */
        TABLE,
        /** Names alone, one a line. */
        NAME,
        /** What the API answered. */
        JSON
    }

    GlobalOptions() {}

    /**
     * How the answer is to be printed.
     *
     * @throws CommandException when the options do not say one thing
     */
    public Form form() {
        if (output == null) {
            return json ? Form.JSON : Form.TABLE;
        }
        if (json) {
            throw CommandException.usage("--json and -o exclude each other; give one of them");
        }
        return switch (output.toLowerCase(Locale.ROOT)) {
            case "table" -> Form.TABLE;
            case "name" -> Form.NAME;
            case "json" -> Form.JSON;
            default -> throw CommandException.usage("-o is " + output + "; give table or name");
        };
    }

    /** Whether only answers and errors are printed. */
    public boolean quiet() {
        return quiet;
    }

    /** Whether a failure shows where it came from. */
    public boolean verbose() {
        return verbose;
    }
}
