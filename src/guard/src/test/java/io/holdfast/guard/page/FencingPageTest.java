package io.holdfast.guard.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.guard.StaleTokenException;
import io.holdfast.guard.jdbc.Dialect;
import io.holdfast.guard.jdbc.FenceTable;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The page on fencing shows code that tests run, statements that the guard runs, and names of tests that exist. */
class FencingPageTest {

    private static final Path PAGE = Path.of("../../docs/fencing.md");
    private static final Path TESTS = Path.of("src/test/java/io/holdfast/guard");

    @Test
    void itsJavaIsCodeThatTestsRun() throws IOException {
        var sources = new StringBuilder();
        for (var file : List.of("page/Bank.java", "page/AccountTable.java")) {
            sources.append(flat(Files.readString(TESTS.resolve(file))));
        }
        var blocks = blocks("java");
        assertTrue(blocks.size() >= 5, () -> "only " + blocks.size() + " blocks were found");
        for (var block : blocks) {
            assertTrue(sources.indexOf(flat(block)) >= 0, () -> "no test runs this code of the page:\n" + block);
        }
    }

    @Test
    void itsSqlIsWhatTheGuardRuns() throws Exception {
        var page = new LinkedHashSet<>(blocks("sql").stream()
                .flatMap(block -> Stream.of(block.split(";")))
                .map(FencingPageTest::flat)
                .filter(statement -> !statement.isEmpty())
                .toList());
        assertTrue(page.remove(flat("UPDATE account SET balance = ?, fence = ? WHERE id = ? AND fence <= ?")));
        var guard = new LinkedHashSet<String>();
        for (var dialect : Dialect.values()) {
            guard.add(flat(new FenceTable(dialect).createTable()));
            statements(dialect).forEach(statement -> guard.add(flat(statement)));
        }
        assertEquals(guard, page);
    }

    @Test
    void theTestsThatItNamesExist() throws Exception {
        var named = Pattern.compile("`([a-z][A-Za-z]{15,})`")
                .matcher(Files.readString(PAGE))
                .results();
        var tests = new ArrayList<String>();
        for (var type : List.of(
                "io.holdfast.guard.page.FencingTest",
                "io.holdfast.guard.page.LimitsOfFencingTest",
                "io.holdfast.guard.jdbc.FenceTableContract",
                "io.holdfast.guard.FenceTest",
                "io.holdfast.guard.rest.FenceFeatureTest")) {
            Arrays.stream(Class.forName(type).getDeclaredMethods())
                    .map(Method::getName)
                    .forEach(tests::add);
        }
        var names = named.map((MatchResult name) -> name.group(1)).toList();
        assertTrue(names.size() >= 15, () -> "only " + names);
        assertEquals(
                List.of(), names.stream().filter(name -> !tests.contains(name)).toList());
    }

    /** Returns what a fence prepares on a connection where no row is updated and each insert collides. */
    private static Set<String> statements(Dialect dialect) throws SQLException {
        var prepared = new LinkedHashSet<String>();
        var connection = (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("getAutoCommit")) {
                        return false;
                    }
                    var sql = (String) arguments[0];
                    prepared.add(sql);
                    return statement(sql.startsWith("INSERT") && !sql.contains(" ON "));
                });
        try {
            new FenceTable(dialect).admit(connection, "accounts/7", 10);
        } catch (StaleTokenException stale) {
            return prepared;
        }
        throw new AssertionError("no row was changed, and the write admitted");
    }

    private static PreparedStatement statement(boolean collides) {
        return (PreparedStatement) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {PreparedStatement.class},
                (proxy, method, arguments) -> {
                    if (!method.getName().equals("executeUpdate")) {
                        return null;
                    }
                    if (collides) {
                        throw new SQLIntegrityConstraintViolationException("duplicate", "23505");
                    }
                    return 0;
                });
    }

    private static List<String> blocks(String language) throws IOException {
        return Pattern.compile("(?s)```" + language + "\n(.*?)```")
                .matcher(Files.readString(PAGE))
                .results()
                .map(block -> block.group(1))
                .toList();
    }

    private static String flat(String text) {
        return text.replaceAll("\\s+", " ").strip();
    }
}
