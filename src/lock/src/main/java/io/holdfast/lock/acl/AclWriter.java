package io.holdfast.lock.acl;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes rules as bytes; see {@link AclCodec}. For one use. */
final class AclWriter {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] bytes() {
        return out.toByteArray();
    }

    AclWriter document(AclDocument document) {
        u8(document.mode().code()).u8(document.observers().code());
        u16(document.policies().size());
        document.policies().forEach(this::policy);
        u16(document.bindings().size());
        document.bindings().forEach(this::binding);
        u16(document.limits().size());
        document.limits().forEach(this::limit);
        return this;
    }

    AclWriter change(AclChange change) {
        if (change instanceof AclChange.Replace replace) {
            return u8(AclCodec.REPLACE).document(replace.document());
        } else if (change instanceof AclChange.SetMode set) {
            return u8(AclCodec.SET_MODE).u8(set.mode().code());
        } else if (change instanceof AclChange.PutPolicy put) {
            return u8(AclCodec.PUT_POLICY).policy(put.policy());
        } else if (change instanceof AclChange.PutBinding put) {
            return u8(AclCodec.PUT_BINDING).binding(put.binding());
        } else if (change instanceof AclChange.PutLimit put) {
            return u8(AclCodec.PUT_LIMIT).limit(put.limit());
        } else if (change instanceof AclChange.Delete delete) {
            return u8(AclCodec.DELETE).u8(delete.part().code()).text(delete.name());
        } else if (change instanceof AclChange.CreateKey create) {
            return u8(AclCodec.CREATE_KEY).key(create.key());
        } else if (change instanceof AclChange.DeleteKey delete) {
            return u8(AclCodec.DELETE_KEY).text(delete.id());
        }
        throw new IllegalStateException("no bytes for " + change);
    }

    AclWriter acl(Acl acl) {
        i64(acl.revision()).document(acl.document()).u16(acl.keys().size());
        acl.keys().forEach(this::key);
        return this;
    }

    private AclWriter policy(Policy policy) {
        text(policy.name()).u16(policy.rules().size());
        for (Rule rule : policy.rules()) {
            u8(rule.mask()).text(rule.locks());
        }
        return this;
    }

    private AclWriter binding(Binding binding) {
        return text(binding.name()).text(binding.policy()).to(binding.to());
    }

    private AclWriter limit(Limit limit) {
        return text(limit.name())
                .to(limit.to())
                .i32(limit.sessions())
                .i32(limit.grants())
                .i32(limit.streams())
                .i32(limit.rps());
    }

    private AclWriter key(AccessKey key) {
        return text(key.id())
                .text(key.name())
                .text(key.hash())
                .i64(key.createdAtMillis())
                .i64(key.expiresAtMillis());
    }

    private AclWriter to(List<String> to) {
        u16(to.size());
        to.forEach(this::text);
        return this;
    }

    private AclWriter text(@Nullable String text) {
        if (text == null) {
            return u16(AclCodec.NO_TEXT);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        u16(bytes.length);
        out.writeBytes(bytes);
        return this;
    }

    private AclWriter u8(int value) {
        out.write(value);
        return this;
    }

    private AclWriter u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    private AclWriter i32(int value) {
        return u16(value >>> 16).u16(value);
    }

    private AclWriter i64(long value) {
        return i32((int) (value >>> 32)).i32((int) value);
    }
}
