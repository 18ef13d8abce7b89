package io.holdfast.tidy;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.AssertTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.LiteralTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The habits of this code base that a compiler does not refuse: sizes, names, banned calls, words and paths. */
class TidyTest {

    private static final Path ROOT = root();
    private static final Pattern NOTE_TO_SELF = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");
    private static final Pattern VAGUE_NAME = Pattern.compile(".+(Manager|Helper|Utils?|Impl|Data)");

    /** What is below opt/holdfast is the same in every image of ours. */
    private static final Pattern PATH_IN_JAVA =
            Pattern.compile("(?s)/(home|root|Users|tmp|work|farm|opt(?!/holdfast/)|mnt|var)/.*|[A-Z]:\\\\.*");

    private static final Pattern PATH_IN_TEXT = Pattern.compile("(?<![\\w.:{}$*~/-])/(home|root|Users|work|farm)/\\w");
    private static final Set<String> CLOCKS = Set.of("System.currentTimeMillis", "System.nanoTime", "Instant.now");

    private static List<JavaSource> sources;

    @BeforeAll
    static void parseTheRepository() throws IOException {
        sources = JavaSource.parse(ROOT, JavaSource.filesOf(ROOT, ".java"));
        assertTrue(sources.size() > 10, () -> "the scan of the repository found " + sources.size() + " files only");
    }

    @Test
    void aLineHas120ColumnsAtMost() {
        var wide = new ArrayList<String>();
        for (var source : sources) {
            IntStream.range(0, source.lines().size())
                    .filter(i -> source.lines().get(i).length() > 120)
                    .forEach(i -> wide.add(source.path() + ":" + (i + 1)));
        }
        none(wide, "more than 120 columns");
    }

    @Test
    void aFileHas500LinesAMethod70LinesAndSixParametersAtMost() throws IOException {
        var ratchet = new Ratchet(ROOT.resolve("src/zab/src/test/resources/tidy/ratchet.txt"));
        for (var source : sources) {
            ratchet.measure(source.path(), source.lines().size(), 500);
            source.all(ClassTree.class)
                    .forEach(type -> type.getMembers().stream()
                            .filter(MethodTree.class::isInstance)
                            .map(MethodTree.class::cast)
                            .forEach(method -> measure(ratchet, source, type, method)));
        }
        assertEquals(List.of(), ratchet.complaints());
    }

    @Test
    void nothingWaitsBySleepingOrIsSwitchedOff() {
        none(
                find(
                        MemberSelectTree.class,
                        (s, call) -> !s.isMain() && call.toString().equals("Thread.sleep")),
                "sleep");
        none(
                find(
                        AnnotationTree.class,
                        (s, a) -> a.getAnnotationType().toString().endsWith("Disabled")),
                "disabled");
    }

    @Test
    void librariesDoNotPrintAndNothingIsProtectedByAKeywordThatProductionIgnores() {
        BiPredicate<JavaSource, MemberSelectTree> prints = (source, call) -> source.isMain()
                && Stream.of("src/cli/", "src/bench/").noneMatch(source.path()::startsWith)
                && source.all(MethodTree.class)
                        .noneMatch(method -> method.getName().contentEquals("main"))
                && call.toString().matches("System\\.(out|err)");
        none(find(MemberSelectTree.class, prints), "a library that prints; log, or return it");
        none(find(AssertTree.class, (s, a) -> true), "the JVM skips this check; throw when the invariant is broken");
    }

    @Test
    void theClockIsReadWhereTimeEntersTheProgramOnly() throws IOException {
        var allowed = Ratchet.linesOf(ROOT.resolve("src/zab/src/test/resources/tidy/clocks.txt"));
        BiPredicate<JavaSource, MemberSelectTree> reads = (source, call) -> source.isMain()
                && CLOCKS.contains(call.toString())
                && allowed.stream().noneMatch(source.path()::startsWith);
        none(find(MemberSelectTree.class, reads), "the clock; take time as an argument, or say why in tidy/clocks.txt");
    }

    @Test
    void namesSayWhatAClassIs() {
        none(
                find(
                        ClassTree.class,
                        (s, type) -> VAGUE_NAME.matcher(type.getSimpleName()).matches()),
                "a name that says nothing; name the class after what it keeps true");
    }

    @Test
    void everyPackageAndPublicTypeSaysWhatItIsFor() {
        var described = sources.stream()
                .filter(s -> s.path().endsWith("/package-info.java"))
                .filter(s ->
                        s.all(AnnotationTree.class).anyMatch(a -> a.toString().contains("NullMarked")))
                .map(JavaSource::directory)
                .collect(Collectors.toSet());
        var bare = sources.stream()
                .filter(JavaSource::isMain)
                .filter(source -> !source.path().endsWith("/module-info.java"))
                .map(JavaSource::directory)
                .filter(directory -> !described.contains(directory));
        none(bare.distinct().toList(), "a package without a @NullMarked package-info.java");

        var silent = sources.stream()
                .filter(JavaSource::isMain)
                .flatMap(source -> source.nodes().stream()
                        .filter(path -> path.getLeaf() instanceof ClassTree type
                                && type.getModifiers().getFlags().contains(Modifier.PUBLIC)
                                && source.trees().getDocComment(path) == null)
                        .map(path -> source.path() + ":" + source.line(path.getLeaf())));
        none(silent.toList(), "a public type without a sentence that says its one reason to exist");
    }

    @Test
    void theRepositoryHoldsNoNotesToSelfAndNoPathOfSomeMachine() throws IOException {
        BiPredicate<JavaSource, LiteralTree> path = (source, literal) -> literal.getValue() instanceof String text
                && PATH_IN_JAVA.matcher(text).matches();
        none(find(LiteralTree.class, path), "a path of one machine");
        var notes = new ArrayList<String>();
        var suffixes = new String[] {".java", ".md", ".sh", ".yml", ".yaml", ".xml", ".properties", "run", "holdfast"};
        for (var file : JavaSource.filesOf(ROOT, suffixes)) {
            var lines = Files.readAllLines(file);
            for (var i = 0; i < lines.size(); i++) {
                var note = NOTE_TO_SELF.matcher(lines.get(i)).find();
                var machine = !file.toString().endsWith(".java")
                        && PATH_IN_TEXT.matcher(lines.get(i)).find();
                if (note || machine) {
                    notes.add(ROOT.relativize(file) + ":" + (i + 1));
                }
            }
        }
        none(notes, "a note to self or a path of one machine");
    }

    private static void measure(Ratchet ratchet, JavaSource source, ClassTree type, MethodTree method) {
        var name = source.path() + "#" + type.getSimpleName() + "." + method.getName();
        ratchet.measure(name + ":lines", source.length(method), 70);
        // How many parameters a method has that overrides another was decided elsewhere.
        var overrides = method.getModifiers().getAnnotations().stream()
                .anyMatch(
                        annotation -> annotation.getAnnotationType().toString().equals("Override"));
        if (!overrides && (type.getKind() != Tree.Kind.RECORD || method.getReturnType() != null)) {
            ratchet.measure(name + ":parameters", method.getParameters().size(), 6);
        }
    }

    private static <T extends Tree> List<String> find(Class<T> kind, BiPredicate<JavaSource, T> wrong) {
        return sources.stream()
                .flatMap(source -> source.all(kind)
                        .filter(tree -> wrong.test(source, tree))
                        .map(tree -> source.path() + ":" + source.line(tree)))
                .toList();
    }

    private static void none(List<String> findings, String what) {
        assertTrue(findings.isEmpty(), () -> what + ":\n  " + String.join("\n  ", findings));
    }

    static Path root() {
        var directory = Path.of("").toAbsolutePath();
        while (!Files.isDirectory(directory.resolve(".mvn"))) {
            directory = directory.getParent();
        }
        return directory;
    }
}
