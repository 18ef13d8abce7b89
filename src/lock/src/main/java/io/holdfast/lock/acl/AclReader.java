package io.holdfast.lock.acl;

import io.holdfast.lock.Limits;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads rules from bytes; see {@link AclCodec}. Nothing is allocated for what is not there. For one use. */
final class AclReader {

    private final ByteBuffer in;

    AclReader(ByteBuffer in) {
        this.in = in;
    }

    /**
     * Reads something whole.
     *
     * @throws IllegalArgumentException when the bytes end too early, or break a bound
     */
    <T> T whole(Supplier<T> what) {
        try {
            return what.get();
        } catch (BufferUnderflowException e) {
            throw new IllegalArgumentException("it ends inside its rules", e);
        }
    }

    AclDocument document() {
        AclMode mode = known(AclMode.ofCode(u8()), "mode");
        Observers observers = known(Observers.ofCode(u8()), "observers");
        List<Policy> policies = list(AclDocument.POLICIES, this::policy);
        List<Binding> bindings = list(AclDocument.BINDINGS, this::binding);
        return new AclDocument(mode, observers, policies, bindings, list(AclDocument.LIMITS, this::limit));
    }

    AclChange change() {
        int kind = u8();
        return switch (kind) {
            case AclCodec.REPLACE -> new AclChange.Replace(document());
            case AclCodec.SET_MODE -> new AclChange.SetMode(known(AclMode.ofCode(u8()), "mode"));
            case AclCodec.PUT_POLICY -> new AclChange.PutPolicy(policy());
            case AclCodec.PUT_BINDING -> new AclChange.PutBinding(binding());
            case AclCodec.PUT_LIMIT -> new AclChange.PutLimit(limit());
            case AclCodec.DELETE -> new AclChange.Delete(known(AclPart.ofCode(u8()), "part"), name());
            case AclCodec.CREATE_KEY -> new AclChange.CreateKey(key());
            case AclCodec.DELETE_KEY -> new AclChange.DeleteKey(name());
            default -> throw new IllegalArgumentException("a change of rules of kind " + kind + " is not known");
        };
    }

    Acl acl() {
        long revision = in.getLong();
        AclDocument document = document();
        return new Acl(revision, document, list(Acl.KEYS, this::key));
    }

    private Policy policy() {
        String name = name();
        return new Policy(name, list(AclDocument.RULES_PER_POLICY, () -> new Rule(u8(), text(Limits.LOCK_NAME_CHARS))));
    }

    private Binding binding() {
        return new Binding(name(), name(), to());
    }

    private Limit limit() {
        return new Limit(name(), to(), in.getInt(), in.getInt(), in.getInt(), in.getInt());
    }

    private AccessKey key() {
        return new AccessKey(name(), name(), required(text(AccessKey.HASH_CHARS)), in.getLong(), in.getLong());
    }

    private List<String> to() {
        return list(AclDocument.TO_PER_BINDING, () -> required(text(3 * AclDocument.PRINCIPAL_CHARS)));
    }

    private <T> List<T> list(int most, Supplier<T> item) {
        int count = u16();
        if (count > most) {
            throw new IllegalArgumentException("a list of rules has " + count + " entries, at most " + most);
        }
        List<T> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            items.add(item.get());
        }
        return items;
    }

    private String name() {
        return required(text(AclDocument.NAME_CHARS));
    }

    private static String required(@Nullable String text) {
        return known(text, "text");
    }

    private static <T> T known(@Nullable T value, String what) {
        if (value == null) {
            throw new IllegalArgumentException("the rules have a " + what + " that this release does not know");
        }
        return value;
    }

    private @Nullable String text(int max) {
        int length = u16();
        if (length == AclCodec.NO_TEXT) {
            return null;
        }
        if (length > max) {
            throw new IllegalArgumentException("a text of rules has " + length + " bytes, at most " + max);
        }
        if (length > in.remaining()) {
            throw new BufferUnderflowException();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (!Arrays.equals(bytes, text.getBytes(StandardCharsets.UTF_8))) {
            throw new IllegalArgumentException("a text of rules is not UTF-8");
        }
        return text;
    }

    private int u8() {
        return Byte.toUnsignedInt(in.get());
    }

    private int u16() {
        return Short.toUnsignedInt(in.getShort());
    }
}
