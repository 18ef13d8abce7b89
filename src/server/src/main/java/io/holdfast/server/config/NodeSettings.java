package io.holdfast.server.config;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberInfo;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.core.ZabConfig;
import io.holdfast.zab.log.LogConfig;
import io.holdfast.zab.node.NodeConfig;
import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Turns the operator's settings into those of the replication layer, and checks how they relate. */
public final class NodeSettings {

    static final String LOOPBACK = "127.0.0.1";
    static final String EVERY_INTERFACE = "0.0.0.0";
    private static final Logger LOG = Logger.getLogger("io.holdfast.node");
    private static final int PEER_PORT = 7101;
    private static final String ADVERTISED = "holdfast.http.advertised";
    private static final String JOIN = "holdfast.join";
    private static final String SINGLE = "holdfast.single-node";

    /** Scheme, host, and a port or none: what it has is checked as other addresses are. */
    private static final Pattern ORIGIN = Pattern.compile("https?://([^/?#@\\[\\]:]+|\\[[^/?#@\\[\\]]+])(:[^/?#@:]*)?");

    private NodeSettings() {}

    /**
     * Checks what must hold before any value is used: the names in the environment, and the text of every value. Warns
     * of secrets in the environment.
     *
     * @throws BadConfiguration naming the key, or the variable
     */
    public static void check(Config config, Map<String, String> environment) {
        SettingNames.check(environment);
        SettingValues.check(config);
        EnvironmentSecrets.of(environment)
                .forEach(name -> LOG.warnf(
                        "the variable %s has a secret, which other processes of this user and reports of crashes show:"
                                + " put it into config/application.properties, with mode 0600",
                        name));
    }

    /**
     * Checks that what the bounds allow fits into a heap.
     *
     * @param heapBytes the largest heap of this process
     * @throws BadConfiguration naming the bounds and what each takes
     */
    public static void checkHeap(HoldfastConfig config, long heapBytes) {
        MemoryBudget.check(config, heapBytes);
    }

    /** As {@link #of(HoldfastConfig, String)}, of a node that does not tell the others its release. */
    public static NodeConfig of(HoldfastConfig config) {
        return of(config, null);
    }

    /**
     * Returns the validated settings of this node's replication layer.
     *
     * @param release version of this build, which the other members are told; null when it is not known
     * @throws BadConfiguration naming the key
     */
    public static NodeConfig of(HoldfastConfig config, @Nullable String release) {
        checkTtls(config.session());
        checkAdvertised(config);
        ServerId self = self(config);
        Configuration bootstrap = bootstrap(config, self);
        Member here = bootstrap.member(self);
        HoldfastConfig.Zab zab = config.zab();
        List<NodeConfig.Seed> given = join(config);
        boolean asksMembers =
                config.generation().isPresent() && config.members().isPresent();
        List<NodeConfig.Seed> join = asksMembers ? others(bootstrap, self) : given;
        checkFounding(config);
        try {
            NodeConfig node = NodeConfig.of(
                            config.clusterId(),
                            self,
                            config.dataDir(),
                            bootstrap,
                            config.peer()
                                    .host()
                                    .orElseGet(
                                            () -> given.isEmpty() ? interfaceOf(here.host()) : interfaceBeside(given)),
                            config.peer().port().orElse(here.port()))
                    .withZab(zab(zab).withIdentity(
                                    config.peer().protocolMax(),
                                    config.membership().readmit())
                            .withInfo(new MemberInfo(advertised(config.http().advertised()), release)))
                    .withLog(log(config.log(), zab))
                    .withBounds(
                            zab.requestsMax(),
                            zab.laneFramesMax(),
                            zab.laneBytesMax().asLongValue())
                    .joining(join);
            boolean mayFound = config.members().isPresent() || config.singleNode();
            return config.generation()
                    .map(node::ofGeneration)
                    .orElseGet(() -> mayFound ? node : node.withoutFounding());
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration("holdfast", e);
        }
    }

    /** Returns the number of this node. */
    public static ServerId self(HoldfastConfig config) {
        return new ServerId(config.nodeId());
    }

    /**
     * Returns where the other members find this node, by its own settings; null when only they know.
     *
     * @throws BadConfiguration naming the key
     */
    public static @Nullable String hostForPeers(HoldfastConfig config) {
        return config.members().isEmpty()
                ? null
                : bootstrap(config, self(config)).member(self(config)).host();
    }

    /** A name may not resolve yet, or to an address that this host does not have: only digits say where to listen. */
    private static String interfaceOf(String host) {
        if (host.equals("localhost")) {
            return LOOPBACK;
        }
        return NetUtil.isValidIpV4Address(host) || NetUtil.isValidIpV6Address(host) ? host : EVERY_INTERFACE;
    }

    /** Members that are all on this machine reach a node that joins them on it, too. */
    private static String interfaceBeside(List<NodeConfig.Seed> members) {
        boolean here = members.stream().allMatch(member -> Exposure.isLoopback(member.host()));
        return here ? interfaceOf(members.get(0).host()) : EVERY_INTERFACE;
    }

    private static Configuration bootstrap(HoldfastConfig config, ServerId self) {
        List<String> entries = config.members().orElse(List.of());
        if (entries.isEmpty()) {
            // No peer dials an ensemble of one, so with port 0 (any free one) the address that it records may be any.
            int port = config.peer().port().filter(p -> p > 0).orElse(PEER_PORT);
            String host = config.peer().host().orElse(LOOPBACK);
            return new Configuration(0, List.of(new Member(self, MemberRole.VOTER, host, port)));
        }
        Configuration ensemble = Ensemble.parse(entries);
        if (!ensemble.contains(self)) {
            throw new BadConfiguration(
                    "holdfast.node-id",
                    self + " is not among " + Ensemble.KEY + " (" + entries + "); set one of its ids");
        }
        if (config.peer().port().filter(p -> p == 0).isPresent()
                && ensemble.members().size() > 1) {
            throw new BadConfiguration(
                    "holdfast.peer.port",
                    "0 (any free port) is for an ensemble of one: others could not find this node");
        }
        return ensemble;
    }

    /** Returns where a node that may not found finds those that its settings list. */
    private static List<NodeConfig.Seed> others(Configuration members, ServerId self) {
        return members.members().stream()
                .filter(member -> !member.id().equals(self))
                .map(member -> new NodeConfig.Seed(member.host(), member.port()))
                .toList();
    }

    private static List<NodeConfig.Seed> join(HoldfastConfig config) {
        List<String> entries = config.join().orElse(List.of());
        if (entries.isEmpty()) {
            return List.of();
        }
        if (config.members().isPresent()) {
            throw new BadConfiguration(
                    JOIN, "is for a node that is in nobody's " + Ensemble.KEY + "; set one of the two, not both");
        }
        if (config.peer().port().filter(p -> p == 0).isPresent()) {
            throw new BadConfiguration(
                    "holdfast.peer.port",
                    "0 (any free port) is for an ensemble of one: others could not find this node");
        }
        return entries.stream()
                .map(entry -> Ensemble.address(JOIN, entry.strip()))
                .toList();
    }

    private static @Nullable String advertised(Optional<String> setting) {
        setting.ifPresent(url -> {
            Matcher parts = ORIGIN.matcher(url);
            String wrong = parts.matches()
                    ? HostPort.wrong(parts.group(2) == null ? parts.group(1) + ":80" : parts.group(1) + parts.group(2))
                            .orElse(null)
                    : "must have the scheme http or https and nothing after the port";
            if (wrong != null) {
                throw new BadConfiguration(ADVERTISED, "'" + url + "' " + wrong + "; write it as http://10.0.0.1:7100");
            }
        });
        return setting.orElse(null);
    }

    private static void checkFounding(HoldfastConfig config) {
        if (config.singleNode() && config.members().isPresent()) {
            throw new BadConfiguration(
                    SINGLE, "is for a node without " + Ensemble.KEY + "; set one of the two, not both");
        }
        if (config.singleNode() && config.join().isPresent()) {
            throw new BadConfiguration(SINGLE, "is for a node without " + JOIN + "; set one of the two, not both");
        }
    }

    /** Clients would be sent to a port that is closed. */
    private static void checkAdvertised(HoldfastConfig config) {
        boolean plain = config.http()
                .advertised()
                .filter(url -> url.startsWith("http:"))
                .isPresent();
        if (plain && config.tls().mode() == TlsConfig.Mode.REQUIRED) {
            throw new BadConfiguration(
                    ADVERTISED, "must begin with https:// when holdfast.tls.mode is required; its port is 7143");
        }
    }

    private static void checkTtls(HoldfastConfig.Session session) {
        if (session.ttlMin().compareTo(session.ttlDefault()) > 0) {
            throw new BadConfiguration("holdfast.session.ttl-default", "must not be below holdfast.session.ttl-min");
        }
        if (session.ttlDefault().compareTo(session.ttlMax()) > 0) {
            throw new BadConfiguration("holdfast.session.ttl-default", "must not be above holdfast.session.ttl-max");
        }
    }

    private static ZabConfig zab(HoldfastConfig.Zab zab) {
        notBelow("reach", zab.reach(), "twice holdfast.zab.hello", zab.hello().multipliedBy(2));
        notBelow(
                "sync-limit",
                zab.syncLimit(),
                "3 times holdfast.zab.heartbeat",
                zab.heartbeat().multipliedBy(3));
        notBelow("init-limit", zab.initLimit(), "holdfast.zab.sync-limit", zab.syncLimit());
        notBelow("resend-max", zab.resendMax(), "holdfast.zab.resend-min", zab.resendMin());
        notBelow("request", zab.request(), "holdfast.zab.leader-wait", zab.leaderWait());
        return new ZabConfig(
                zab.hello().toMillis(),
                zab.reach().toMillis(),
                zab.heartbeat().toMillis(),
                zab.syncLimit().toMillis(),
                zab.initLimit().toMillis(),
                zab.finalizeWait().toMillis(),
                zab.resendMin().toMillis(),
                zab.resendMax().toMillis(),
                zab.fsyncStall().toMillis(),
                zab.leaderWait().toMillis(),
                zab.request().toMillis(),
                zab.requestsMax(),
                zab.outstandingTxnsMax(),
                zab.outstandingBytesMax().asLongValue(),
                zab.windowTxns(),
                zab.windowBytesMax().asLongValue(),
                zab.snapshotTxns(),
                zab.snapshotBytes().asLongValue(),
                zab.directObservers());
    }

    private static LogConfig log(HoldfastConfig.Log log, HoldfastConfig.Zab zab) {
        return new LogConfig(
                log.segmentSize().asLongValue(),
                Math.toIntExact(Math.min(Integer.MAX_VALUE, log.batchSize().asLongValue())),
                Math.toIntExact(Math.min(Integer.MAX_VALUE, log.growSize().asLongValue())),
                zab.windowTxns(),
                zab.windowBytesMax().asLongValue());
    }

    private static void notBelow(String key, Duration value, String bound, Duration least) {
        if (value.compareTo(least) < 0) {
            throw new BadConfiguration(
                    "holdfast.zab." + key,
                    value.toMillis() + "ms must not be below " + bound + " (" + least.toMillis() + "ms)");
        }
    }

    /** Returns whether this node can tell clients apart, so that a new ensemble is to enforce rules. */
    public static boolean tellsClientsApart(HoldfastConfig config) {
        AuthConfig auth = config.auth();
        return auth.administrators().isPresent() || auth.bootstrapKeyHash().isPresent();
    }
}
