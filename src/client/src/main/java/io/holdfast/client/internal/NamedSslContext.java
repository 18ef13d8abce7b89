package io.holdfast.client.internal;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

/** Connections to an address whose certificate must be of a name. Any thread. */
final class NamedSslContext extends DelegatedSsl {

    private final SSLContext context;
    private final String name;

    private NamedSslContext(SSLContext context, String name) {
        this.context = context;
        this.name = name;
    }

    static SSLContext of(SSLContext context, String name) {
        return asContext(new NamedSslContext(context, name), context);
    }

    @Override
    SSLContext context() {
        return context;
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
        return context.createSSLEngine(name, port);
    }
}
