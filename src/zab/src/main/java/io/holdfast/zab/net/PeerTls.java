package io.holdfast.zab.net;

import io.holdfast.zab.core.ServerId;
import io.holdfast.zab.tls.TlsFile;
import io.holdfast.zab.tls.TlsFileException;
import io.holdfast.zab.tls.TlsMaterial;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * How one node secures its connections with other members, and with what: the material may be replaced while they run.
 * New connections use the newest. For any thread.
 */
public final class PeerTls {

    /** Which connections are secured. */
    public enum Mode {
        /** None. */
        OFF,
        /**
         * Those whose other end does so too: a bridge between the other two, which an attacker in between can strip.
         */
        MIXED,
        /** All, from the first byte. */
        REQUIRED
    }

    private static final String[] VERSIONS = {"TLSv1.3"};

    private final Mode mode;
    private final boolean shared;
    private final LongSupplier clock;
    private volatile @Nullable TlsMaterial material;
    private volatile int plainLinks;
    private volatile int securedLinks;

    private PeerTls(Mode mode, boolean shared, @Nullable TlsMaterial material, LongSupplier clock) {
        this.clock = clock;
        this.mode = mode;
        this.shared = shared;
        this.material = material;
    }

    /** Returns one that secures nothing. */
    public static PeerTls off() {
        return new PeerTls(Mode.OFF, false, null, System::currentTimeMillis);
    }

    /**
     * Returns one that secures connections.
     *
     * @param shared whether one certificate is of all members: it keeps others out and does not tell members apart
     */
    public static PeerTls of(Mode mode, boolean shared, TlsMaterial first) {
        return of(mode, shared, first, System::currentTimeMillis);
    }

    /** As {@link #of(Mode, boolean, TlsMaterial)}, with a clock that gives Unix time in milliseconds. */
    static PeerTls of(Mode mode, boolean shared, TlsMaterial first, LongSupplier clock) {
        if (mode == Mode.OFF) {
            throw new IllegalArgumentException("without TLS there is no use for a certificate");
        }
        return new PeerTls(mode, shared, first, clock);
    }

    /** Returns which connections are secured. */
    public Mode mode() {
        return mode;
    }

    /** Has connections that begin from now on use other files; those that are open go on. */
    public void replace(TlsMaterial next) {
        material = next;
    }

    /**
     * Checks that material is of this member: its peers would refuse any other.
     *
     * @param host where the others find this member; null when only they know, so that any name may be it
     * @throws TlsFileException naming the file that is wrong
     */
    public static void check(
            TlsMaterial checked, boolean shared, String clusterId, ServerId self, @Nullable String host)
            throws TlsFileException {
        checked.checkTrustsItself();
        String objection = new PeerIdentity(clusterId, shared).own(checked.certificate(), self, host);
        if (objection != null) {
            throw new TlsFileException(TlsFile.CERTIFICATE, "the other members would refuse this one: " + objection);
        }
    }

    /** Returns how many connections with members are open, of those that are secured or of the others. */
    public int links(boolean secured) {
        return secured ? securedLinks : plainLinks;
    }

    void counted(int secured, int plain) {
        securedLinks = secured;
        plainLinks = plain;
    }

    boolean isShared() {
        return shared;
    }

    /** Returns the end of a connection that was accepted, or of one that this node opened. */
    SSLEngine engine(boolean accepted) {
        SSLEngine engine = current().context().createSSLEngine();
        engine.setUseClientMode(!accepted);
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setProtocols(VERSIONS);
        // Whose certificate it is says PeerIdentity, from the configuration: names in the certificate alone say little.
        parameters.setEndpointIdentificationAlgorithm("");
        if (accepted) {
            parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** Returns why a chain is not good any more, by the newest lists; null when it is. */
    @Nullable
    String objection(List<X509Certificate> chain) {
        return current().objection(chain, clock.getAsLong());
    }

    private TlsMaterial current() {
        TlsMaterial now = material;
        if (now == null) {
            throw new IllegalStateException("connections are not secured");
        }
        return now;
    }
}
