package io.holdfast.server.channel;

import io.smallrye.mutiny.Uni;
import io.smallrye.reactive.messaging.connector.OutboundConnector;
import io.smallrye.reactive.messaging.providers.helpers.MultiUtils;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.Flow;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.reactive.messaging.Message;
import org.eclipse.microprofile.reactive.messaging.spi.Connector;

/** Where the channel leads to unless a broker is configured: nothing is sent to it. */
@ApplicationScoped
@Connector(NowhereConnector.NAME)
public class NowhereConnector implements OutboundConnector {

    static final String NAME = "holdfast-nowhere";

    @Override
    public Flow.Subscriber<? extends Message<?>> getSubscriber(Config config) {
        return MultiUtils.<Message<?>, Message<?>>via(
                messages -> messages.onItem().call(message -> Uni.createFrom().completionStage(message.ack())));
    }
}
