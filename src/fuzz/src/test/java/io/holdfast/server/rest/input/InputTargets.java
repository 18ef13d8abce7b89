package io.holdfast.server.rest.input;

import io.holdfast.api.AclBinding;
import io.holdfast.api.AclBody;
import io.holdfast.api.AclCheck;
import io.holdfast.api.AclLimit;
import io.holdfast.api.AclMode;
import io.holdfast.api.AclPolicy;
import io.holdfast.api.BreakingRequest;
import io.holdfast.api.CheckRequest;
import io.holdfast.api.Durations;
import io.holdfast.api.GrantRequest;
import io.holdfast.api.KeepaliveOfMany;
import io.holdfast.api.LimitRequest;
import io.holdfast.api.MalformedJsonException;
import io.holdfast.api.MemberPatch;
import io.holdfast.api.ModeRequest;
import io.holdfast.api.NewAccessKey;
import io.holdfast.api.NewMember;
import io.holdfast.api.SessionOpening;
import io.holdfast.api.Successor;
import io.holdfast.api.TransferRequest;
import io.holdfast.fuzz.FuzzTarget;
import io.holdfast.server.config.HostPort;
import io.holdfast.server.replica.Revision;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Bodies, query parameters and headers of requests. */
public final class InputTargets {

    private static final Map<Class<?>, String> BODIES = Map.ofEntries(
            Map.entry(GrantRequest.class, """
                    {"session":"3-7","locks":[{"name":"a/b","mode":"semaphore","permits":2,"limit":5},{"name":"c"}],
                    "wait":"30s","metadata":{"pod":"p-1","n":[1,-2.5e3,true,null,"\\u00e4\\ud83d\\udd12"]}}"""),
            Map.entry(SessionOpening.class, "{\"ttl\":\"15s\",\"name\":\"n\",\"metadata\":{},\"lockDelay\":\"1s\"}"),
            Map.entry(KeepaliveOfMany.class, "{\"ids\":[\"3-7\",\"3-8\"]}"),
            Map.entry(ModeRequest.class, "{\"mode\":\"shared\"}"),
            Map.entry(LimitRequest.class, "{\"limit\":7}"),
            Map.entry(TransferRequest.class, "{\"to\":\"g-1\",\"drain\":\"5s\"}"),
            Map.entry(BreakingRequest.class, "{\"grant\":\"g\",\"token\":17,\"reason\":\"stuck\",\"after\":\"10s\"}"),
            Map.entry(CheckRequest.class, "{\"token\":9007199254740991}"),
            Map.entry(NewMember.class, "{\"id\":4,\"address\":\"[::1]:7101\",\"role\":\"observer\"}"),
            Map.entry(MemberPatch.class, "{\"role\":\"voter\",\"address\":\"node-4.example:7101\"}"),
            Map.entry(AclBody.class, """
                    {"mode":"enforce","observers":"locks",
                    "policies":{"payments":[{"verbs":["acquire","break"],"locks":"payments/${k8s.namespace}/"}],
                    "ops":[{"verbs":["admin"]}]},
                    "bindings":[{"policy":"payments","to":["k8s:prod:billing","jwt:corp:*","group:k8s:*"]}],
                    "limits":[{"name":"dev","to":["k8s:dev:*"],"sessions":50,"grants":500,"streams":20,"rps":200}]}"""),
            Map.entry(AclMode.class, "{\"mode\":\"observe\"}"),
            Map.entry(AclPolicy.class, "{\"rules\":[{\"verbs\":[\"read\"],\"locks\":\"a/\"}]}"),
            Map.entry(AclBinding.class, "{\"name\":\"b\",\"policy\":\"p\",\"to\":[\"key:ops\",\"*\"]}"),
            Map.entry(AclLimit.class, "{\"name\":\"l\",\"to\":[\"*\"],\"sessions\":1,\"grants\":2,\"rps\":3}"),
            Map.entry(
                    AclCheck.class,
                    "{\"principal\":\"k8s:a:b\",\"groups\":[\"k8s:ns:a\"],\"verb\":\"read\",\"lock\":\"a\"}"),
            Map.entry(NewAccessKey.class, "{\"name\":\"ops\",\"expires\":\"2026-12-31T00:00:00Z\"}"),
            Map.entry(Successor.class, "{\"to\":2}"));

    private InputTargets() {}

    /** Returns the types of bodies that are damaged. */
    public static Set<Class<?>> bodies() {
        return BODIES.keySet();
    }

    /** Returns those of this package. */
    public static List<FuzzTarget> all() {
        List<FuzzTarget> all = new ArrayList<>();
        Map<String, Class<?>> sorted = new TreeMap<>();
        BODIES.keySet().forEach(type -> sorted.put(type.getSimpleName(), type));
        sorted.forEach((name, type) -> all.add(new FuzzTarget(
                "body-" + name,
                Set.of(Bodies.class, AclInputs.class),
                FuzzTarget.texts(List.of(BODIES.get(type))),
                type == AclBody.class || type == GrantRequest.class ? 4_000 : 500,
                Set.of(MalformedJsonException.class),
                input -> Bodies.violations(Bodies.read(type, input)))));
        all.add(new FuzzTarget(
                "parameters",
                Set.of(Texts.class, EntityTags.class, IdempotencyKeys.class, HostPort.class, Revision.class),
                FuzzTarget.texts(List.of(
                        "payments/settlement/2026-11",
                        "a:b@c.d_e-f",
                        "payments/",
                        "4294967295-4294967295",
                        "\"9007199254740991\"",
                        "W/\"3-1041\"",
                        "1h30m0.5s",
                        "node-4.example:7101",
                        "[fe80::1]:65535",
                        "{\"a\":[{\"b\":\"c\"}]}")),
                4_000,
                Set.of(),
                input -> parameter(new String(input, StandardCharsets.UTF_8))));
        return all;
    }

    private static void parameter(String text) {
        Texts.lockName(text);
        Texts.lockPrefix(text);
        Texts.id(text);
        Texts.idPrefix(text);
        Texts.tokenTag(text);
        Texts.revisionTag(text);
        Texts.duration(text, "0s", Bounds.MAX_WAIT);
        Texts.plain(text, 100);
        Texts.metadata(text);
        Texts.aclName(text);
        EntityTags.token(text);
        EntityTags.revision(text);
        IdempotencyKeys.id(text);
        HostPort.wrong(text);
        if (Texts.revision(text).isEmpty()) {
            Revision.parse(text);
        }
        Durations.parse(text);
    }
}
