package io.holdfast.server.rest.openapi;

/** One example for each body of the API description. */
public final class Examples {

    public static final String SESSION_OPENING = """
            {"ttl":"15s","name":"billing-7f9c","metadata":{"pod":"billing-7f9c"}}""";

    public static final String OPENED_SESSION = """
            {"id":"3-1041","ttlMs":15000,"driftPerMille":1,"ttlMinMs":2000,"ttlMaxMs":3600000,"name":"billing-7f9c"}""";

    public static final String SESSION = """
            {"id":"3-1041","name":"billing-7f9c","metadata":{"pod":"billing-7f9c"},"ttlMs":15000,"driftPerMille":1,
             "ttlLeftMs":11870,"lockDelayMs":0,"owner":"k8s:prod:billing",
             "grants":[{"id":"close-2026-11","lock":"payments/settlement","mode":"exclusive","state":"granted",
             "token":17,"session":"3-1041","waitMs":300000,"waitedMs":412,"metadata":{"reason":"nightly close"}}]}""";

    public static final String SESSION_PAGE = """
            {"sessions":[{"id":"3-1041","name":"billing-7f9c","ttlMs":15000,"driftPerMille":1,"lockDelayMs":0}]}""";

    public static final String KEEPALIVE = """
            {"ttlMs":15000,"driftPerMille":1,"notices":[]}""";

    public static final String KEEPALIVE_OF_MANY = """
            {"ids":["3-1041","3-1042"]}""";

    public static final String KEEPALIVES_OF_MANY = """
            {"sessions":[{"id":"3-1041","state":"alive","ttlMs":15000,"driftPerMille":1,"notices":[]},
             {"id":"3-1042","state":"ended","ttlMs":0,"driftPerMille":1,"notices":[]}]}""";

    public static final String GRANT_REQUEST = """
            {"session":"3-1041","lock":"payments/settlement","mode":"exclusive","wait":"5m",
             "metadata":{"reason":"nightly close"}}""";

    public static final String GRANTED = """
            {"id":"close-2026-11","lock":"payments/settlement","mode":"exclusive","state":"granted","token":17,
             "session":"3-1041","waitMs":300000,"waitedMs":412,"metadata":{"reason":"nightly close"}}""";

    public static final String WAITING = """
            {"id":"close-2026-11","lock":"payments/settlement","mode":"exclusive","state":"waiting",
             "session":"3-1041","position":1,"behind":"close-2026-10","waitMs":300000,"waitedMs":25003,
             "metadata":{"reason":"nightly close"}}""";

    public static final String SET_REQUEST = """
            {"session":"3-1041","locks":[{"name":"accounts/17","mode":"exclusive"},{"name":"accounts/23"},
             {"name":"ledger","mode":"shared"},{"name":"workers","mode":"semaphore","permits":2,"limit":5}],
             "wait":"30s"}""";

    public static final String SET_GRANTED = """
            {"id":"transfer-8","locks":[{"name":"accounts/17","mode":"exclusive"},{"name":"accounts/23",
             "mode":"exclusive"},{"name":"ledger","mode":"shared"},{"name":"workers","mode":"semaphore","permits":2,
             "limit":5}],"state":"granted","token":18,"session":"3-1041","waitMs":30000,"waitedMs":0,"metadata":{}}""";

    public static final String MODE = """
            {"mode":"shared"}""";

    public static final String LIMIT = """
            {"limit":8}""";

    public static final String TRANSFER = """
            {"to":"report-9","drain":"30s"}""";

    public static final String BREAK = """
            {"grant":"close-2026-11","token":17,"reason":"stuck since noon","after":"10s"}""";

    public static final String WHY = """
            {"grant":{"id":"report-9","lock":"payments/settlement","mode":"exclusive","state":"waiting",
             "session":"3-1042","position":1,"behind":"close-2026-11","waitMs":300000,"waitedMs":950,"metadata":{}},
             "words":"report-9 waits for payments/settlement, which is held by close-2026-11; at most 300000 ms in all",
             "waitedMs":950,"waitMs":300000,"waitsAt":[{"lock":"payments/settlement","position":1,"delayMs":0,
             "behind":[{"grant":"close-2026-11","session":"3-1041","sessionName":"billing-7f9c","state":"granted",
             "heldMs":8120,"waitedMs":412}]}],"deadlock":false,"cycle":[],
             "deadlockSearch":"complete"}""";

    public static final String LOCK = """
            {"name":"payments/settlement","mode":"exclusive","limit":1,"holders":[{"grant":"close-2026-11",
             "session":"3-1041","sessionName":"billing-7f9c","token":17,"mode":"exclusive","heldMs":8120,
             "ttlLeftMs":11870,"metadata":{"reason":"nightly close"},"owner":"k8s:prod:billing"}],"used":1,
             "waiters":[{"grant":"report-9","session":"3-1042","position":1,"mode":"exclusive","waitedMs":950,
             "metadata":{},"owner":"k8s:prod:report"}],"waiting":1,"promisedTo":[],"delayMs":0,"revision":"3-1077"}""";

    public static final String LOCK_PAGE = """
            {"locks":[{"name":"payments/settlement","mode":"exclusive","limit":1,"holders":[{"grant":"close-2026-11",
             "session":"3-1041","sessionName":"billing-7f9c","token":17,"mode":"exclusive","heldMs":8120}],
             "used":1,"waiters":[],"waiting":0,"delayMs":0,"revision":"3-1077"}],
             "next":"payments/settlement"}""";

    public static final String CHECK_REQUEST = """
            {"token":17}""";

    public static final String CHECK = """
            {"valid":true,"current":17}""";

    /** How every backup begins; what follows is no text. */
    public static final String BACKUP = "HFBACKUP";

    public static final String WHOAMI = """
            {"principal":"k8s:prod:billing","groups":["k8s:ns:prod"],"attributes":[{"name":"k8s.account",
             "value":"billing"},{"name":"k8s.namespace","value":"prod"}],"until":"2026-11-30T05:00:00Z"}""";

    public static final String SNAPSHOT = """
            {"revision":"3-1041","bytes":18223}""";

    public static final String CLUSTER = """
            {"clusterId":"holdfast","node":1,"release":"0.1.0","epoch":3,"leader":2,"configurationVersion":1,
             "generation":1,"level":2,"settled":true,"member":true,"secure":false,"members":[{"id":1,
             "role":"voter","address":"10.0.0.1:7101","http":"http://10.0.0.1:7100","release":"0.1.0",
             "state":"follower","phase":"broadcast","applied":"3-1077",
             "committed":"3-1077","durable":"3-1078","lag":0,"disk":"5b1de0f7a2c84e19b3f06a7c2d915e48",
             "votingDisk":"5b1de0f7a2c84e19b3f06a7c2d915e48"},{"id":2,"role":"voter","address":"10.0.0.2:7101",
             "http":"http://10.0.0.2:7100","release":"0.1.0","state":"leader","phase":"broadcast","applied":"3-1077",
             "committed":"3-1077","durable":"3-1078","lag":0,"disk":"91c0337be4f24d0c8d7a15e60b2f4a3d",
             "votingDisk":"91c0337be4f24d0c8d7a15e60b2f4a3d"}],
             "alarms":[],"tls":[{"use":"peers","mode":"off","plainLinks":2},{"use":"clients","mode":"off"}]}""";

    public static final String NEW_MEMBER = """
            {"id":4,"address":"10.0.0.4:7101","role":"observer"}""";

    public static final String MEMBER_PATCH = """
            {"role":"voter"}""";

    public static final String MEMBERS_CHANGE = """
            {"dryRun":false,"changed":true,"settled":true,"handsOver":false,"configuration":{"version":2,"members":[
             {"id":1,"role":"voter","address":"10.0.0.1:7101"},{"id":2,"role":"voter","address":"10.0.0.2:7101"},
             {"id":3,"role":"voter","address":"10.0.0.3:7101"},{"id":4,"role":"voter","address":"10.0.0.4:7101"}],
             "voters":4,"quorum":3},
             "warnings":["4 voters tolerate 1 that fail, no more than 3 do; make it an odd number"]}""";

    public static final String SUCCESSOR = """
            {"to":2}""";

    public static final String EVENT_STREAM = """
            retry: 1000

            id: 3-1077
            event: change
            data: {"revision":"3-1077","at":"2026-11-21T09:40:00.123Z","changes":[{"kind":"released","lock":\
            "payments/settlement","grant":"close-2026-10","session":"3-1007","token":16,"cause":"requested"},\
            {"kind":"granted","lock":"payments/settlement","grant":"close-2026-11","session":"3-1041","token":17,\
            "sessionName":"billing-7f9c","metadata":{"reason":"nightly close"}}]}

            id: 3-1080
            event: bookmark
            data: {"revision":"3-1080","ageMs":12}

            """;

    public static final String EVENT_BATCH = """
            {"events":[{"id":"3-1077","event":"change","data":{"revision":"3-1077","at":"2026-11-21T09:40:00.123Z",
             "changes":[{"kind":"granted","lock":"payments/settlement","grant":"close-2026-11","session":"3-1041",
             "token":17,"sessionName":"billing-7f9c","metadata":{"reason":"nightly close"}}]}}],"next":"3-1080"}""";

    public static final String ATTACHED = """
            retry: 1000

            id: 3-1077
            event: attached
            data: {"revision":"3-1077","session":"3-1041","ttlMs":15000,"driftPerMille":1,"elapsedMs":0,"grants":[{\
            "id":"report-9","lock":"payments/settlement","state":"waiting","position":1}],"notices":[]}

            event: renewed
            data: {"session":"3-1041","ttlMs":15000,"driftPerMille":1,"elapsedMs":3750}

            id: 3-1080
            event: granted
            data: {"revision":"3-1080","kind":"granted","lock":"payments/settlement","grant":"report-9",\
            "session":"3-1041","token":18,"sessionName":"billing-7f9c"}

            """;

    private Examples() {}
}
