package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.util.regex.Pattern;

/** A client of Holdfast's REST API. */
final class HoldfastClient extends HttpLockClient {

    private static final Pattern ID = Pattern.compile("\"id\"\\s*:\\s*\"([^\"]+)\"");

    private String session = "";
    private long grants;

    HoldfastClient(Vertx vertx, NetClient net, int port, String headers) {
        super(vertx, net, port, headers);
    }

    @Override
    public Future<Void> open() {
        return call("POST", "/v1/sessions", "{\"ttl\":\"60s\",\"name\":\"bench\"}", HoldfastClient::judge)
                .map(body -> {
                    var id = ID.matcher(body);
                    if (!id.find()) {
                        throw new IllegalStateException("a session without an id: " + body);
                    }
                    session = id.group(1);
                    return null;
                });
    }

    @Override
    public Future<Void> acquire(String lock) {
        grants++;
        var body = "{\"session\":\"" + session + "\",\"lock\":\"" + lock + "\",\"wait\":\"5m\"}";
        return call("PUT", grant() + "?poll=25s", body, HoldfastClient::judge).mapEmpty();
    }

    @Override
    public Future<Void> release() {
        return call("DELETE", grant(), "", HoldfastClient::judge).mapEmpty();
    }

    private String grant() {
        return "/v1/grants/" + session + "." + grants;
    }

    private static Verdict judge(HttpConnection.Answer answer) {
        return switch (answer.status()) {
            case 200, 201, 204 -> Verdict.DONE;
            case 202 -> Verdict.AGAIN;
            case 429, 503, 504 -> Verdict.LATER;
            default -> Verdict.REFUSED;
        };
    }
}
