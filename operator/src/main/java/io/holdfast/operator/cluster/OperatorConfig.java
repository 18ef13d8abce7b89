package io.holdfast.operator.cluster;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** The settings of the operator. Its Javadoc is what admins read in {@code docs/kubernetes.md}. */
@ConfigMapping(prefix = "holdfast.operator")
public interface OperatorConfig {

    /**
     * Namespaces in which objects are managed, such as {@code shop,bank}. Default: all of them, for which the operator
     * needs a ClusterRole.
     */
    Optional<List<String>> namespaces();

    /** How often each cluster is looked at. */
    Look look();

    /** How nodes of the service are asked. */
    Service service();

    /** How Events are written. */
    Events events();

    /** How often each cluster is looked at. */
    interface Look {

        /** Interval between looks while something is under way. */
        @WithDefault("5s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 5)
        Duration progressing();

        /** Interval between looks while everything is as wanted. A change of an object is looked at in any case. */
        @WithDefault("30s")
        @DurationMin(millis = 100)
        @DurationMax(minutes = 30)
        Duration converged();

        /** How soon after an action the next look follows. */
        @WithDefault("500ms")
        @DurationMin(millis = 10)
        @DurationMax(minutes = 1)
        Duration afterAction();

        /** Longest interval between attempts while the API server does not answer. The first one is a second. */
        @WithDefault("30s")
        @DurationMin(seconds = 1)
        @DurationMax(minutes = 30)
        Duration backOffMax();

        /** Objects in a page of a list. */
        @WithDefault("100")
        @Min(1)
        @Max(500)
        int page();

        /** Objects of one kind that one look reads at most; a cluster with more is not acted upon. */
        @WithDefault("1000")
        @Min(10)
        @Max(10_000)
        int objectsMax();
    }

    /** How nodes of the service are asked. */
    interface Service {

        /** Port on which nodes serve clients. */
        @WithDefault("7100")
        @Min(1)
        @Max(65_535)
        int port();

        /**
         * File of the operator's own token, a projected one of the audience {@code holdfast}. It is read again for each
         * request, and shown only to nodes that are asked with TLS and check tokens of Kubernetes. Default: none is
         * shown; the Deployment of {@code k8s} sets it.
         */
        Optional<Path> tokenFile();

        /** How long one question to a node may take. All nodes are asked at once. */
        @WithDefault("2s")
        @DurationMin(millis = 100)
        @DurationMax(seconds = 30)
        Duration timeout();

        /** How long a change of the members may take, which the service answers when it is settled. */
        @WithDefault("15s")
        @DurationMin(seconds = 1)
        @DurationMax(minutes = 2)
        Duration changeTimeout();
    }

    /** How Events are written. */
    interface Events {

        /** Different Events that are remembered, so that a repeated one is counted and not written anew. */
        @WithDefault("1000")
        @Min(10)
        @Max(100_000)
        int remembered();

        /** Events that one cluster may write in a minute; more are dropped. */
        @WithDefault("60")
        @Min(1)
        @Max(10_000)
        int perMinute();
    }
}
