package io.holdfast.operator.tls;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The authority of a cluster's certificates, and how far its replacement is. A new authority comes in three steps, each
 * when every member was seen to be there: members trust both; certificates come from the new one; members trust the new
 * one only. All of it is in one Secret, so that another operator goes on with it.
 *
 * @param issuer what issues certificates now
 * @param next what is trusted already and will issue; absent but in the first step
 * @param former certificate of what issued before and is trusted still; absent but in the second step
 * @param done the text of the annotation for which the last replacement was begun; empty for none
 */
public record AuthorityState(
        Authority issuer,
        @Nullable Authority next,
        @Nullable String former,
        String done) {

    private static final String ISSUER = "issuer";
    private static final String NEXT = "next";
    private static final String FORMER = "former.crt";
    private static final String DONE = "rotated";

    /** Returns the first state of a new cluster. */
    public static AuthorityState begin(String cluster, Duration life, String done, Instant now) {
        return new AuthorityState(make(cluster, life, now), null, null, done);
    }

    private static Authority make(String cluster, Duration life, Instant now) {
        return Authority.make("Holdfast " + cluster + " " + now.getEpochSecond(), life, now);
    }

    /** Returns all that members are to trust now, as PEM. */
    public String trusted() {
        return issuer.certificate() + (next == null ? "" : next.certificate()) + (former == null ? "" : former);
    }

    /** What every member was seen to have. */
    public interface Seen {

        /** Returns whether each of them trusts exactly these authorities. */
        boolean allTrust(String pem);

        /** Returns whether each of them shows the certificate that it is to have, which the issuer of now issued. */
        boolean allShow(AuthorityState now);
    }

    /**
     * Returns the next state; this one when it is not time.
     *
     * @param wanted the text of the annotation; empty for none
     */
    public AuthorityState step(String cluster, Duration life, String wanted, Seen seen, Instant now) {
        if (next != null) {
            return seen.allTrust(trusted()) ? new AuthorityState(next, null, issuer.certificate(), done) : this;
        }
        if (former != null) {
            return seen.allShow(this) ? new AuthorityState(issuer, null, null, done) : this;
        }
        boolean isAskedFor = !wanted.isEmpty() && !wanted.equals(done);
        return isAskedFor || issuer.isDue(now)
                ? new AuthorityState(issuer, make(cluster, life, now), null, isAskedFor ? wanted : done)
                : this;
    }

    /** Returns what is under way, for people; empty when nothing is. */
    public String progress() {
        if (next != null) {
            return "every member is to trust the new authority beside the old one";
        }
        return former == null ? "" : "every member is to show a certificate of the new authority";
    }

    /** Returns the content of the Secret. */
    public Map<String, String> files() {
        var files = new TreeMap<String, String>();
        files.put(ISSUER + ".crt", issuer.certificate());
        files.put(ISSUER + ".key", issuer.key());
        if (next != null) {
            files.put(NEXT + ".crt", next.certificate());
            files.put(NEXT + ".key", next.key());
        }
        if (former != null) {
            files.put(FORMER, former);
        }
        files.put(DONE, done);
        return files;
    }

    /**
     * Reads the content of the Secret.
     *
     * @throws IllegalArgumentException when it has no authority
     */
    public static AuthorityState read(Map<String, String> files) {
        Authority issuer = authority(files, ISSUER);
        if (issuer == null) {
            throw new IllegalArgumentException("it has no issuer.crt and issuer.key");
        }
        return new AuthorityState(issuer, authority(files, NEXT), files.get(FORMER), files.getOrDefault(DONE, ""));
    }

    private static @Nullable Authority authority(Map<String, String> files, String name) {
        String certificate = files.get(name + ".crt");
        String key = files.get(name + ".key");
        return certificate == null || key == null ? null : new Authority(certificate, key);
    }
}
