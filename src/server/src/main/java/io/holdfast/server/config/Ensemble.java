package io.holdfast.server.config;

import io.holdfast.zab.core.Configuration;
import io.holdfast.zab.core.Member;
import io.holdfast.zab.core.MemberRole;
import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.node.NodeConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code holdfast.members}: the configuration that a new ensemble starts from. */
final class Ensemble {

    static final String KEY = "holdfast.members";

    private static final Pattern MEMBER = Pattern.compile("([0-9]{1,5})@(.+?)(:observer)?");

    private Ensemble() {}

    /**
     * Reads one {@code id@host:port[:observer]} for each member; the host may be an IPv6 address in brackets.
     *
     * @throws BadConfiguration when an entry is none, an id comes twice, or nobody has a vote
     */
    static Configuration parse(List<String> entries) {
        List<Member> members = new ArrayList<>();
        for (String entry : entries) {
            members.add(member(entry.strip()));
        }
        try {
            return new Configuration(0, members);
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(KEY, e);
        }
    }

    private static Member member(String entry) {
        Matcher parts = MEMBER.matcher(entry);
        if (!parts.matches()) {
            throw new BadConfiguration(
                    KEY, "'" + entry + "' is no member; write id@host:port, for example 1@10.0.0.1:7101");
        }
        MemberRole role = parts.group(3) == null ? MemberRole.VOTER : MemberRole.OBSERVER;
        try {
            ServerId id = new ServerId(Integer.parseInt(parts.group(1)));
            HostPort at = HostPort.of(parts.group(2));
            return new Member(id, role, at.host(), at.port());
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(KEY, "'" + entry + "': " + e.getMessage());
        }
    }

    /**
     * Reads the {@code host:port} of a peer port; the host may be an IPv6 address in brackets.
     *
     * @throws BadConfiguration when it is none, naming the key
     */
    static NodeConfig.Seed address(String key, String entry) {
        try {
            HostPort at = HostPort.of(entry);
            return new NodeConfig.Seed(at.host(), at.port());
        } catch (IllegalArgumentException e) {
            throw new BadConfiguration(key, "'" + entry + "': " + e.getMessage() + "; for example 10.0.0.1:7101");
        }
    }
}
