package io.holdfast.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.holdfast.api.AclBody;
import io.holdfast.api.Json;
import io.holdfast.api.MalformedJsonException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** The rules of access as YAML or JSON for people and for version control: read strictly, written as YAML. */
final class RulesFile {

    /** Bytes of a file at most: more than a node takes. */
    private static final int BYTES_MAX = 1 << 20;

    private static final Pattern PLACE = Pattern.compile(" \\(line \\d+, column \\d+\\)");

    private RulesFile() {}

    /**
     * Reads rules.
     *
     * @param name of the file; {@code -} for standard input
     * @throws CommandException when there are none, with the place of what is wrong
     */
    static AclBody read(String name, InputStream standardInput) {
        String place = name.equals("-") ? "standard input" : name;
        byte[] content;
        try (InputStream in = name.equals("-") ? standardInput : Files.newInputStream(Path.of(name))) {
            content = in.readNBytes(BYTES_MAX + 1);
        } catch (IOException e) {
            throw CommandException.usage("cannot read " + place + ": " + FileFailures.words(e));
        } catch (InvalidPathException e) {
            throw CommandException.usage("-f is no path: " + Words.plain(name));
        }
        if (content.length > BYTES_MAX) {
            throw CommandException.usage(place + " has more than 1 MiB; it holds rules of access only");
        }
        boolean isJson = isJson(content);
        try {
            return Json.readRequest(isJson ? content : json(content), AclBody::read);
        } catch (MalformedJsonException e) {
            String words = Words.plain(String.valueOf(e.getMessage()));
            // What was made of YAML is on one line, which is no line of the file.
            throw CommandException.usage(
                    place + ": " + (isJson ? words : PLACE.matcher(words).replaceAll("")));
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : ", line " + e.getLocation().getLineNr();
            throw CommandException.usage(place + line + ": "
                    + Words.plain(e.getOriginalMessage().lines().findFirst().orElse("it is no YAML")));
        } catch (IOException e) {
            throw CommandException.usage("cannot read " + place + ": " + FileFailures.words(e));
        }
    }

    private static boolean isJson(byte[] content) {
        for (byte b : content) {
            if (!Character.isWhitespace(b)) {
                return b == '{';
            }
        }
        return false;
    }

    /** Makes JSON of the one document; names of anchors would be taken for texts, so there may be none. */
    private static byte[] json(byte[] yaml) throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        YAMLFactory factory = YAMLFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .build();
        try (YAMLParser parser = factory.createParser(yaml);
                JsonGenerator generator = new JsonFactory().createGenerator(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new MalformedJsonException("it has no rules; they begin with policies:");
            }
            int depth = 0;
            do {
                if (parser.isCurrentAlias()) {
                    throw new MalformedJsonException(
                            "*" + parser.getText() + " is an alias; write out what it stands for");
                }
                generator.copyCurrentEvent(parser);
                depth += parser.currentToken().isStructStart()
                        ? 1
                        : parser.currentToken().isStructEnd() ? -1 : 0;
            } while (depth > 0 && parser.nextToken() != null);
            if (parser.nextToken() != null) {
                throw new MalformedJsonException("it has several documents; give one");
            }
        }
        return json.toByteArray();
    }

    /** The same rules as YAML; their revision is a comment, so that what is kept in a file goes on being of use. */
    static String yaml(AclBody rules) {
        AclBody kept =
                new AclBody(null, rules.mode(), rules.observers(), rules.policies(), rules.bindings(), rules.limits());
        StringWriter text = new StringWriter();
        YAMLFactory factory = YAMLFactory.builder()
                .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
                .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
                .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
                .enable(YAMLGenerator.Feature.INDENT_ARRAYS_WITH_INDICATOR)
                .enable(YAMLGenerator.Feature.INDENT_ARRAYS)
                .disable(YAMLGenerator.Feature.SPLIT_LINES)
                .build();
        try (JsonParser parser = new JsonFactory().createParser(Json.write(kept));
                JsonGenerator generator = factory.createGenerator(text)) {
            parser.nextToken();
            generator.copyCurrentStructure(parser);
        } catch (IOException e) {
            throw new IllegalStateException("it was written here", e);
        }
        return "# revision " + rules.revision() + "\n" + text.toString().stripTrailing();
    }
}
