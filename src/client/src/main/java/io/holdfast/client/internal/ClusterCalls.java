package io.holdfast.client.internal;

import io.holdfast.api.ClusterBody;
import io.holdfast.api.Json;
import io.holdfast.api.MemberPatch;
import io.holdfast.api.MembersChange;
import io.holdfast.api.NewMember;
import io.holdfast.api.Snapshot;
import io.holdfast.api.Successor;
import io.holdfast.client.Cluster;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Calls that are about the ensemble. Any thread but the loop. */
final class ClusterCalls implements Cluster {

    /** How long a node holds a change until it is settled, or refuses it. */
    private static final long CHANGE_MILLIS = 15_000;

    private final ClientServices services;
    private final Asking asking;
    private final @Nullable Long version;
    private final boolean dry;

    /**
     * Creates one.
     *
     * @param version of the configuration that a change requires; null for any
     * @param dry whether changes are only forecast
     */
    ClusterCalls(ClientServices services, @Nullable Long version, boolean dry) {
        this.services = services;
        this.asking = new Asking(services);
        this.version = version;
        this.dry = dry;
    }

    @Override
    public ClusterBody status() throws InterruptedException {
        return asking.ask(Call.of("GET", "/v1/cluster", ""), ClusterBody::read);
    }

    @Override
    public Cluster ifVersion(long only) {
        return new ClusterCalls(services, only, dry);
    }

    @Override
    public Cluster dryRun() {
        return new ClusterCalls(services, version, true);
    }

    @Override
    public ClusterBody transferLeadership() throws InterruptedException {
        return transfer(new Successor(null));
    }

    @Override
    public ClusterBody transferLeadership(int to) throws InterruptedException {
        return transfer(new Successor(to));
    }

    private ClusterBody transfer(Successor to) throws InterruptedException {
        return change("POST", "/v1/cluster/leader", Asking.text(to), ClusterBody::read);
    }

    @Override
    public MembersChange addMember(int id, String address) throws InterruptedException {
        return members("POST", "", Asking.text(new NewMember(id, address, null)));
    }

    @Override
    public MembersChange promote(int id) throws InterruptedException {
        return members("PATCH", "/" + id, Asking.text(new MemberPatch("voter", null)));
    }

    @Override
    public MembersChange demote(int id) throws InterruptedException {
        return members("PATCH", "/" + id, Asking.text(new MemberPatch("observer", null)));
    }

    @Override
    public MembersChange moveMember(int id, String address) throws InterruptedException {
        return members("PATCH", "/" + id, Asking.text(new MemberPatch(null, address)));
    }

    @Override
    public MembersChange removeMember(int id) throws InterruptedException {
        return members("DELETE", "/" + id, "");
    }

    @Override
    public Snapshot takeSnapshot() throws InterruptedException {
        return change("POST", "/v1/cluster/snapshots", "", Snapshot::read);
    }

    private MembersChange members(String method, String member, String body) throws InterruptedException {
        List<String> query = new ArrayList<>();
        if (dry) {
            query.add("dryRun=true");
        }
        if (version != null) {
            query.add("ifVersion=" + version);
        }
        String target = "/v1/cluster/members" + member + (query.isEmpty() ? "" : "?" + String.join("&", query));
        return change(method, target, body, MembersChange::read);
    }

    private <T> T change(String method, String target, String body, Json.Reader<T> reader) throws InterruptedException {
        return asking.ask(Call.of(method, target, body).held(CHANGE_MILLIS), reader);
    }

    @Override
    public long backup(OutputStream to) throws IOException, InterruptedException {
        return new BackupRun(services).write(to);
    }
}
