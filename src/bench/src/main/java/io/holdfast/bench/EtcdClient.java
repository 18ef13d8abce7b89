package io.holdfast.bench;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.net.NetClient;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;

/** A client of etcd's lock service through its JSON gateway. */
final class EtcdClient extends HttpLockClient {

    private static final Pattern LEASE = Pattern.compile("\"ID\":\"(\\d+)\"");
    private static final Pattern KEY = Pattern.compile("\"key\":\"([^\"]+)\"");

    private String lease = "";
    private String key = "";

    EtcdClient(Vertx vertx, NetClient net, int port) {
        super(vertx, net, port, "");
    }

    @Override
    public Future<Void> open() {
        return post("/v3/lease/grant", "{\"TTL\":60}").map(body -> {
            lease = find(LEASE, body);
            return null;
        });
    }

    @Override
    public Future<Void> acquire(String lock) {
        var name = Base64.getEncoder().encodeToString(lock.getBytes(StandardCharsets.UTF_8));
        return post("/v3/lock/lock", "{\"name\":\"" + name + "\",\"lease\":\"" + lease + "\"}")
                .map(body -> {
                    key = find(KEY, body);
                    return null;
                });
    }

    @Override
    public Future<Void> release() {
        return post("/v3/lock/unlock", "{\"key\":\"" + key + "\"}").mapEmpty();
    }

    private Future<String> post(String path, String body) {
        return call("POST", path, body, answer -> answer.status() == 200 ? Verdict.DONE : Verdict.LATER);
    }

    private static String find(Pattern what, String body) {
        var found = what.matcher(body);
        if (!found.find()) {
            throw new IllegalStateException("no " + what + " in " + body);
        }
        return found.group(1);
    }
}
