package io.holdfast.tidy;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePath;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** One parsed source file of the repository, with every node of its tree. */
record JavaSource(String path, List<String> lines, CompilationUnitTree unit, DocTrees trees, List<TreePath> nodes) {

    /** Parses the files under the root; nothing is compiled or resolved. */
    static List<JavaSource> parse(Path root, List<Path> files) throws IOException {
        var compiler = ToolProvider.getSystemJavaCompiler();
        var manager = compiler.getStandardFileManager(null, null, null);
        var task = (JavacTask) compiler.getTask(
                null, manager, null, List.of("-proc:none"), null, manager.getJavaFileObjectsFromPaths(files));
        var trees = DocTrees.instance(task);
        var sources = new ArrayList<JavaSource>();
        for (var unit : task.parse()) {
            var file = Path.of(unit.getSourceFile().toUri());
            var path = root.relativize(file).toString().replace('\\', '/');
            var lines =
                    unit.getSourceFile().getCharContent(true).toString().lines().toList();
            sources.add(new JavaSource(path, lines, unit, trees, nodesOf(unit)));
        }
        manager.close();
        return sources;
    }

    /** Every file of this repository that ends so; build output and version control are not part of it. */
    static List<Path> filesOf(Path root, String... suffixes) throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> Stream.of(suffixes).anyMatch(file.toString()::endsWith))
                    .filter(file -> Stream.of("target", ".git", "node_modules")
                            .noneMatch(dir -> root.relativize(file).startsWith(dir)
                                    || root.relativize(file).toString().contains("/" + dir + "/")))
                    .sorted()
                    .toList();
        }
    }

    /** The nodes of one kind, in the order of the file. */
    <T extends Tree> Stream<T> all(Class<T> kind) {
        return nodes.stream().map(TreePath::getLeaf).filter(kind::isInstance).map(kind::cast);
    }

    boolean isMain() {
        return path.contains("/src/main/java/");
    }

    /** The directory of the file, which for sources of one kind in one module is its package. */
    String directory() {
        return path.substring(0, path.lastIndexOf('/'));
    }

    long line(Tree tree) {
        return unit.getLineMap().getLineNumber(trees.getSourcePositions().getStartPosition(unit, tree));
    }

    /** How many lines the node takes, from its first annotation to its last brace. */
    int length(Tree tree) {
        var end = trees.getSourcePositions().getEndPosition(unit, tree);
        return (int) (unit.getLineMap().getLineNumber(end) - line(tree) + 1);
    }

    private static List<TreePath> nodesOf(CompilationUnitTree unit) {
        var found = new ArrayList<TreePath>();
        new TreePathScanner<Void, Void>() {
            @Override
            public Void scan(Tree tree, Void unused) {
                if (tree != null) {
                    found.add(getCurrentPath() == null ? new TreePath(unit) : new TreePath(getCurrentPath(), tree));
                }
                return super.scan(tree, unused);
            }
        }.scan(new TreePath(unit), null);
        return found;
    }
}
