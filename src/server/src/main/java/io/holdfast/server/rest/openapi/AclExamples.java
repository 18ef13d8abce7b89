package io.holdfast.server.rest.openapi;

/** One example for each body of the calls about rules of access. */
public final class AclExamples {

    public static final String ACL = """
            {"revision":"3-1077","mode":"enforce","observers":"locks","policies":{
             "own-namespace":[{"verbs":["acquire","break"],"locks":"k8s/${k8s.namespace}/"}],
             "payments":[{"verbs":["acquire"],"locks":"payments/"},{"verbs":["read"],"locks":"catalog"}]},
             "bindings":[{"name":"own-namespace","policy":"own-namespace","to":["group:k8s:*"]},
             {"name":"payments","policy":"payments","to":["k8s:prod:billing","jwt:corp:*"]}],
             "limits":[{"name":"dev","to":["k8s:dev:*"],"sessions":50,"grants":500,"streams":20,"rps":200}]}""";

    public static final String ACL_MODE = """
            {"mode":"observe"}""";

    public static final String ACL_POLICY = """
            {"rules":[{"verbs":["acquire"],"locks":"payments/"},{"verbs":["read"],"locks":"catalog"}]}""";

    public static final String ACL_BINDING = """
            {"name":"payments","policy":"payments","to":["k8s:prod:billing","jwt:corp:*"]}""";

    public static final String ACL_LIMIT = """
            {"name":"dev","to":["k8s:dev:*"],"sessions":50,"grants":500,"streams":20,"rps":200}""";

    public static final String ACL_CHECK = """
            {"principal":"k8s:prod:billing","groups":["k8s:ns:prod"],"verb":"acquire","lock":"payments/settlement"}""";

    public static final String ACL_VERDICT = """
            {"allowed":true,"policy":"payments"}""";

    public static final String NEW_ACCESS_KEY = """
            {"name":"ops","expires":"720h"}""";

    public static final String ACCESS_KEY = """
            {"id":"x7Kq2mPa","name":"ops","created":"2026-11-21T09:40:00Z","expires":"2026-12-21T09:40:00Z",
             "key":"hfk_x7Kq2mPa_…"}""";

    public static final String ACCESS_KEYS = """
            {"keys":[{"id":"x7Kq2mPa","name":"ops","created":"2026-11-21T09:40:00Z",
             "expires":"2026-12-21T09:40:00Z"}]}""";

    private AclExamples() {}
}
