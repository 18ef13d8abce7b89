package io.holdfast.cdi;

import io.holdfast.api.LockNames;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The name of a lock with the places that parameters of a call fill. */
final class NameTemplate {

    private final String method;
    private final String text;
    private final List<Piece> pieces = new ArrayList<>();

    /**
     * A piece of the name.
     *
     * @param text as it is
     * @param name of the parameter whose value follows; null at the end
     * @param index of that parameter
     */
    private record Piece(String text, @Nullable String name, int index) {}

    /**
     * Reads one.
     *
     * @throws IllegalArgumentException with what is wrong with it
     */
    NameTemplate(String text, Method method) {
        this.method = method.getDeclaringClass().getSimpleName() + "." + method.getName();
        this.text = text;
        int at = 0;
        for (int open = text.indexOf('{'); open >= 0; open = text.indexOf('{', at)) {
            int close = text.indexOf('}', open);
            if (close < 0) {
                throw new IllegalArgumentException(place() + " has a brace that is not closed");
            }
            String name = text.substring(open + 1, close);
            pieces.add(new Piece(plain(at, open), name, index(name, method)));
            at = close + 1;
        }
        pieces.add(new Piece(plain(at, text.length()), null, -1));
        if (pieces.size() == 1) {
            resolve();
        }
    }

    private String plain(int from, int to) {
        String piece = text.substring(from, to);
        if (piece.indexOf('}') >= 0) {
            throw new IllegalArgumentException(place() + " has a closing brace without an opening one");
        }
        return piece;
    }

    private String place() {
        return "the lock name \"" + text + "\" of " + method;
    }

    private int index(String name, Method of) {
        Parameter[] parameters = of.getParameters();
        boolean named = true;
        for (int i = 0; i < parameters.length; i++) {
            LockParameter given = parameters[i].getAnnotation(LockParameter.class);
            if (given != null
                    ? given.value().equals(name)
                    : parameters[i].isNamePresent() && parameters[i].getName().equals(name)) {
                return i;
            }
            named &= given != null || parameters[i].isNamePresent();
        }
        throw new IllegalArgumentException(place() + " needs a parameter " + name
                + (named
                        ? ", which the method does not have"
                        : ": compile with -parameters, or write @LockParameter(\"" + name + "\") at it"));
    }

    /**
     * Returns the name that a call asks for.
     *
     * @throws IllegalArgumentException when a value is null, or the whole cannot be a name
     */
    String resolve(@Nullable Object... values) {
        StringBuilder name = new StringBuilder();
        for (Piece piece : pieces) {
            name.append(piece.text());
            if (piece.name() != null) {
                Object value = values[piece.index()];
                if (value == null) {
                    throw new IllegalArgumentException(place() + ": the parameter " + piece.name() + " is null");
                }
                name.append(value);
            }
        }
        return escape(name.toString(), place());
    }

    /** Returns the escaped form of a text; {@code place} is for the message when it cannot be a name. */
    static String escape(String text, String place) {
        String name = LockNames.escape(text);
        String problem = LockNames.problem(name);
        if (problem != null) {
            throw new IllegalArgumentException(place + ": " + problem + ": " + name);
        }
        return name;
    }
}
