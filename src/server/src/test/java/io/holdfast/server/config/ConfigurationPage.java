package io.holdfast.server.config;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssignmentTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** Writes docs/configuration.md from the sources of {@link HoldfastConfig}: their Javadoc is what operators read. */
final class ConfigurationPage {

    private static final String HEAD = """
            # Configuration

            <!-- Generated from HoldfastConfig.java. Regenerate it with: mvn -pl src/server -am test
                 -Dtest=ConfigurationPageTest -Dsurefire.failIfNoSpecifiedTests=false -Ddocs.write=true -->

            Every key can be given as a system property (`-Dholdfast.node-id=2`), as an environment variable
            (`HOLDFAST_NODE_ID=2`), or in `config/application.properties` beside the process. Durations are written
            `500ms`, `15s`, `2m`; sizes `512K`, `64M`. A node checks all settings when it starts. If a value is not
            allowed or a key is unknown, it ends with exit code 64 and names the key. Clients reach a node on
            `quarkus.http.port` (7100).

            """;

    private final DocTrees docs;
    private final List<CompilationUnitTree> units;
    private final Map<String, ClassTree> groups = new LinkedHashMap<>();
    private final StringBuilder page = new StringBuilder(HEAD);

    private ConfigurationPage(DocTrees docs, List<CompilationUnitTree> units) {
        this.docs = docs;
        this.units = units;
    }

    /**
     * Returns the whole page.
     *
     * @param sources of the mapping, then of the groups that have files of their own
     */
    static String of(Path... sources) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            JavacTask task = (JavacTask)
                    compiler.getTask(null, files, null, List.of("-proc:none"), null, files.getJavaFileObjects(sources));
            List<CompilationUnitTree> units = new ArrayList<>();
            task.parse().forEach(units::add);
            return new ConfigurationPage(DocTrees.instance(task), units).write();
        }
    }

    private String write() {
        ClassTree root = (ClassTree) units.get(0).getTypeDecls().get(0);
        for (CompilationUnitTree unit : units.subList(1, units.size())) {
            ClassTree group = (ClassTree) unit.getTypeDecls().get(0);
            groups.put(group.getSimpleName().toString(), group);
        }
        for (Tree member : root.getMembers()) {
            if (member instanceof ClassTree group) {
                groups.put(group.getSimpleName().toString(), group);
            }
        }
        table("holdfast", root);
        return page.toString().stripTrailing() + "\n";
    }

    private void table(String prefix, ClassTree type) {
        page.append("## `").append(prefix).append("`\n\n");
        if (!prefix.equals("holdfast")) {
            page.append(text(type)).append("\n\n");
        }
        page.append("| key | default | allowed | meaning |\n|---|---|---|---|\n");
        Map<String, ClassTree> below = new LinkedHashMap<>();
        for (Tree member : type.getMembers()) {
            if (member instanceof MethodTree method) {
                String key = prefix + "." + kebab(method.getName().toString());
                String returned = method.getReturnType().toString();
                if (returned.startsWith("Map<String, ")) {
                    key += ".NAME";
                    returned = returned.substring("Map<String, ".length(), returned.length() - 1);
                }
                ClassTree group = groups.get(returned);
                if (group != null) {
                    below.put(key, group);
                } else {
                    row(key, method);
                }
            }
        }
        page.append('\n');
        below.forEach(this::table);
    }

    private void row(String key, MethodTree method) {
        String ifMissing = annotation(method, "WithDefault");
        page.append("| `").append(key).append("` | ");
        page.append(ifMissing.isEmpty() ? "" : "`" + ifMissing + "`").append(" | ");
        page.append(bounds(method)).append(" | ").append(text(method)).append(" |\n");
    }

    private static String bounds(MethodTree method) {
        String least = annotation(method, "Min") + annotation(method, "DurationMin");
        String most = annotation(method, "Max") + annotation(method, "DurationMax");
        if (least.isEmpty() && most.isEmpty()) {
            return "";
        }
        return least + " to " + most;
    }

    /** Returns the value of an annotation as people write it; durations with their unit. */
    private static String annotation(MethodTree method, String name) {
        for (AnnotationTree annotation : method.getModifiers().getAnnotations()) {
            if (annotation.getAnnotationType().toString().equals(name)) {
                ExpressionTree argument = annotation.getArguments().get(0);
                if (argument instanceof AssignmentTree assignment) {
                    return value(assignment.getExpression())
                            + unit(assignment.getVariable().toString());
                }
                return value(argument);
            }
        }
        return "";
    }

    private static String value(ExpressionTree expression) {
        return String.valueOf(((LiteralTree) expression).getValue());
    }

    private static String unit(String element) {
        return switch (element) {
            case "millis" -> "ms";
            case "seconds" -> "s";
            case "minutes" -> "m";
            case "hours" -> "h";
            case "days" -> "d";
            case "value" -> "";
            default -> throw new IllegalArgumentException("no unit for " + element);
        };
    }

    private String text(Tree tree) {
        String comment = units.stream()
                .map(unit -> TreePath.getPath(unit, tree))
                .filter(Objects::nonNull)
                .findFirst()
                .map(docs::getDocComment)
                .orElse(null);
        if (comment == null) {
            throw new IllegalArgumentException("a key without Javadoc: " + tree);
        }
        return comment.strip()
                .replaceAll("\\s+", " ")
                .replaceAll("\\{@code ([^}]*)}", "`$1`")
                .replace("|", "\\|");
    }

    private static String kebab(String name) {
        return name.replaceAll("([A-Z])", "-$1").toLowerCase(java.util.Locale.ROOT);
    }
}
