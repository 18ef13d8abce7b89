package io.holdfast.client.internal;

import java.security.SecureRandom;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** A TLS context that asks another one, which may be a different one for each connection. Any thread. */
abstract class DelegatedSsl extends SSLContextSpi {

    /** A context in the platform's sense. */
    private static final class Shell extends SSLContext {
        private final DelegatedSsl asked;

        private Shell(DelegatedSsl asked, SSLContext like) {
            super(asked, like.getProvider(), like.getProtocol());
            this.asked = asked;
        }
    }

    static SSLContext asContext(DelegatedSsl spi, SSLContext like) {
        return new Shell(spi, like);
    }

    /** The one that is asked now. */
    abstract SSLContext context();

    /**
     * The one that is asked now.
     *
     * @param anew whether something that was made with the last one was refused
     */
    SSLContext context(boolean anew) {
        return context();
    }

    /**
     * Returns what connections that are made by a context now are made with: another one than before once that changed.
     *
     * @param anew looks whether it did in any case
     */
    static @Nullable SSLContext present(@Nullable SSLContext context, boolean anew) {
        return context instanceof Shell shell ? shell.asked.context(anew) : context;
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random) {
        throw new IllegalStateException("it is initialized");
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
        return context().getSocketFactory();
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
        return context().getServerSocketFactory();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
        return context().createSSLEngine();
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return context().createSSLEngine(host, port);
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
        return context().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
        return context().getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
        return context().getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
        return context().getSupportedSSLParameters();
    }
}
