package io.holdfast.api;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The ensemble as the answering node knows it.
 *
 * @param clusterId the ensemble's name
 * @param node id of the answering node
 * @param release version of its software; absent from older servers
 * @param epoch the epoch it adopted last
 * @param leader id of the leader; absent when the node knows none
 * @param configurationVersion version of the committed configuration
 * @param generation 1, or another one since the ensemble was restored
 * @param level version of the peer protocol that all members have agreed on
 * @param pending the configuration that is to follow; absent when no change is under way
 * @param settled whether no member that left is needed any more
 * @param member whether the answering node is a member
 * @param secure whether no port of the node serves strangers, and rules are enforced; absent from older servers
 * @param members ordered by id
 * @param alarms what is the matter; empty when nothing is
 * @param tls how the answering node secures its connections; empty where it was not asked for
 */
public record ClusterBody(
        String clusterId,
        int node,
        @Nullable String release,
        long epoch,
        @Nullable Integer leader,
        long configurationVersion,
        long generation,
        int level,
        @Nullable Configuration pending,
        boolean settled,
        boolean member,
        @Nullable Boolean secure,
        List<Member> members,
        List<Alarm> alarms,
        List<Tls> tls)
        implements Json.Writable {

    /** One of a server that does not say how it secures its connections. */
    public ClusterBody(
            String clusterId,
            int node,
            @Nullable String release,
            long epoch,
            @Nullable Integer leader,
            long configurationVersion,
            long generation,
            int level,
            @Nullable Configuration pending,
            boolean settled,
            boolean member,
            List<Member> members,
            List<Alarm> alarms) {
        this(
                clusterId,
                node,
                release,
                epoch,
                leader,
                configurationVersion,
                generation,
                level,
                pending,
                settled,
                member,
                null,
                members,
                alarms,
                List.of());
    }

    /**
     * How the answering node secures one kind of connections, and with which files.
     *
     * @param use {@code peers} or {@code clients}
     * @param mode {@code off}, {@code mixed}, {@code both} or {@code required}
     * @param plainLinks open connections without TLS; absent where they are not counted
     * @param certificate SHA-256 of the certificate that new connections see, in hexadecimal digits; absent without one
     * @param authorities SHA-256 over the hexadecimal SHA-256 of each certificate that is trusted, in ascending order;
     *     absent where none is asked for
     */
    public record Tls(
            String use,
            String mode,
            @Nullable Integer plainLinks,
            @Nullable String certificate,
            @Nullable String authorities)
            implements Json.Writable {

        /** Reads one. */
        public static Tls read(JsonReader in) throws MalformedJsonException {
            String use = null;
            String mode = null;
            Integer plainLinks = null;
            String certificate = null;
            String authorities = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "use" -> use = in.text();
                    case "mode" -> mode = in.text();
                    case "plainLinks" -> plainLinks = in.smallCount();
                    case "certificate" -> certificate = in.text();
                    case "authorities" -> authorities = in.text();
                    default -> in.skip();
                }
            }
            return new Tls(in.required("use", use), in.required("mode", mode), plainLinks, certificate, authorities);
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("use", use)
                    .field("mode", mode)
                    .field("plainLinks", plainLinks)
                    .field("certificate", certificate)
                    .field("authorities", authorities)
                    .end();
        }
    }

    /**
     * Something that needs a look.
     *
     * @param alarm its kind
     * @param says what is so and what to do
     */
    public record Alarm(String alarm, String says) implements Json.Writable {

        /** Reads one. */
        public static Alarm read(JsonReader in) throws MalformedJsonException {
            String alarm = null;
            String says = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "alarm" -> alarm = in.text();
                    case "says" -> says = in.text();
                    default -> in.skip();
                }
            }
            return new Alarm(in.required("alarm", alarm), in.required("says", says));
        }

        @Override
        public void write(JsonWriter out) {
            out.begin().field("alarm", alarm).field("says", says).end();
        }
    }
    /**
     * Identity and role of a member.
     *
     * @param id 1 to 65535
     * @param role {@code voter} or {@code observer}
     * @param address of its peer port
     * @param http where clients reach it; absent when it is not known
     */
    public record Peer(
            int id, String role, String address, @Nullable String http) implements Json.Writable {

        /** Reads one. */
        public static Peer read(JsonReader in) throws MalformedJsonException {
            Integer id = null;
            String role = null;
            String address = null;
            String http = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "id" -> id = in.smallCount();
                    case "role" -> role = in.text();
                    case "address" -> address = in.text();
                    case "http" -> http = in.text();
                    default -> in.skip();
                }
            }
            return new Peer(in.required("id", id), in.required("role", role), in.required("address", address), http);
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("id", id)
                    .field("role", role)
                    .field("address", address)
                    .field("http", http)
                    .end();
        }
    }
    /**
     * A configuration of the ensemble.
     *
     * @param version grows by one with every change
     * @param members ordered by id
     * @param voters how many of them vote
     * @param quorum how many voters must agree
     */
    public record Configuration(long version, List<Peer> members, int voters, int quorum) implements Json.Writable {

        /** Reads one. */
        public static Configuration read(JsonReader in) throws MalformedJsonException {
            Long version = null;
            List<Peer> members = null;
            Integer voters = null;
            Integer quorum = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "version" -> version = in.count();
                    case "members" -> members = in.list(Peer::read);
                    case "voters" -> voters = in.smallCount();
                    case "quorum" -> quorum = in.smallCount();
                    default -> in.skip();
                }
            }
            return new Configuration(
                    in.required("version", version),
                    in.required("members", members),
                    in.required("voters", voters),
                    in.required("quorum", quorum));
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("version", version)
                    .list("members", members)
                    .field("voters", voters)
                    .field("quorum", quorum)
                    .end();
        }
    }
    /**
     * One member; what the answering node does not know is absent.
     *
     * @param id 1 to 65535
     * @param role {@code voter} or {@code observer}
     * @param address of its peer port
     * @param http where clients reach it; absent when it is not known
     * @param release version of its software; absent when it is not known
     * @param state {@code leader}, {@code follower}, {@code observer}, {@code looking} or {@code unknown}
     * @param phase of the protocol
     * @param applied revision that it applied last
     * @param committed revision that it knows as committed
     * @param durable last revision in its log that is on its disk
     * @param lag transactions committed and not applied there
     * @param disk identity of the disk that it has
     * @param votingDisk identity of the disk that it votes with
     */
    public record Member(
            int id,
            String role,
            String address,
            @Nullable String http,
            @Nullable String release,
            String state,
            String phase,
            @Nullable String applied,
            @Nullable String committed,
            @Nullable String durable,
            @Nullable Long lag,
            @Nullable String disk,
            @Nullable String votingDisk)
            implements Json.Writable {

        /** Reads one. */
        public static Member read(JsonReader in) throws MalformedJsonException {
            Integer id = null;
            String role = null;
            String address = null;
            String http = null;
            String release = null;
            String state = null;
            String phase = null;
            String applied = null;
            String committed = null;
            String durable = null;
            Long lag = null;
            String disk = null;
            String votingDisk = null;
            in.beginObject();
            while (in.nextField()) {
                switch (in.field()) {
                    case "id" -> id = in.smallCount();
                    case "role" -> role = in.text();
                    case "address" -> address = in.text();
                    case "http" -> http = in.text();
                    case "release" -> release = in.text();
                    case "state" -> state = in.text();
                    case "phase" -> phase = in.text();
                    case "applied" -> applied = in.text();
                    case "committed" -> committed = in.text();
                    case "durable" -> durable = in.text();
                    case "lag" -> lag = in.count();
                    case "disk" -> disk = in.text();
                    case "votingDisk" -> votingDisk = in.text();
                    default -> in.skip();
                }
            }
            return new Member(
                    in.required("id", id),
                    in.required("role", role),
                    in.required("address", address),
                    http,
                    release,
                    in.required("state", state),
                    in.required("phase", phase),
                    applied,
                    committed,
                    durable,
                    lag,
                    disk,
                    votingDisk);
        }

        @Override
        public void write(JsonWriter out) {
            out.begin()
                    .field("id", id)
                    .field("role", role)
                    .field("address", address)
                    .field("http", http)
                    .field("release", release)
                    .field("state", state)
                    .field("phase", phase)
                    .field("applied", applied)
                    .field("committed", committed)
                    .field("durable", durable)
                    .field("lag", lag)
                    .field("disk", disk)
                    .field("votingDisk", votingDisk)
                    .end();
        }
    }
    /** Reads one. */
    public static ClusterBody read(JsonReader in) throws MalformedJsonException {
        String clusterId = null;
        Integer node = null;
        String release = null;
        Long epoch = null;
        Integer leader = null;
        Long configurationVersion = null;
        Long generation = null;
        Integer level = null;
        Configuration pending = null;
        Boolean settled = null;
        Boolean member = null;
        Boolean secure = null;
        List<Member> members = null;
        List<Alarm> alarms = null;
        List<Tls> tls = List.of();
        in.beginObject();
        while (in.nextField()) {
            switch (in.field()) {
                case "clusterId" -> clusterId = in.text();
                case "node" -> node = in.smallCount();
                case "release" -> release = in.text();
                case "epoch" -> epoch = in.count();
                case "leader" -> leader = in.smallCount();
                case "configurationVersion" -> configurationVersion = in.count();
                case "generation" -> generation = in.integer();
                case "level" -> level = in.smallCount();
                case "pending" -> pending = Configuration.read(in);
                case "settled" -> settled = in.bool();
                case "member" -> member = in.bool();
                case "secure" -> secure = in.bool();
                case "members" -> members = in.list(Member::read);
                case "alarms" -> alarms = in.list(Alarm::read);
                case "tls" -> tls = in.list(Tls::read);
                default -> in.skip();
            }
        }
        return new ClusterBody(
                in.required("clusterId", clusterId),
                in.required("node", node),
                release,
                in.required("epoch", epoch),
                leader,
                in.required("configurationVersion", configurationVersion),
                in.required("generation", generation),
                in.required("level", level),
                pending,
                in.required("settled", settled),
                in.required("member", member),
                secure,
                in.required("members", members),
                in.required("alarms", alarms),
                tls);
    }

    @Override
    public void write(JsonWriter out) {
        out.begin()
                .field("clusterId", clusterId)
                .field("node", node)
                .field("release", release)
                .field("epoch", epoch)
                .field("leader", leader)
                .field("configurationVersion", configurationVersion)
                .field("generation", generation)
                .field("level", level)
                .field("pending", pending)
                .field("settled", settled)
                .field("member", member)
                .field("secure", secure)
                .list("members", members)
                .list("alarms", alarms);
        if (!tls.isEmpty()) {
            out.list("tls", tls);
        }
        out.end();
    }
}
