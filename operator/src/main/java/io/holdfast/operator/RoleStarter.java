package io.holdfast.operator;

import io.javaoperatorsdk.operator.Operator;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Instance;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Reads the role of this process, and starts the reconcilers in the role {@link Role#OPERATOR} only. */
@ApplicationScoped
public class RoleStarter {

    private static final Logger LOG = Logger.getLogger(RoleStarter.class);
    private static final int EXIT_LEASE_LOST = 1;

    private final Role role;
    private final Instance<Operator> operators;
    private volatile @Nullable Operator running;
    private volatile boolean stopping;

    /** Creates it; a setting that names no role ends the process. */
    RoleStarter(RoleConfig config, Instance<Operator> operators) {
        this.role = read(config.role());
        this.operators = operators;
    }

    private static Role read(String setting) {
        try {
            return Role.of(setting);
        } catch (IllegalArgumentException e) {
            throw new StartRefused(String.valueOf(e.getMessage()));
        }
    }

    /** What this process does. */
    public Role role() {
        return role;
    }

    void start(@Observes StartupEvent event) {
        LOG.infof("role %s", role.text());
        if (role != Role.OPERATOR) {
            return;
        }
        Operator operator = operators.get();
        if (operator.getRegisteredControllersNumber() > 0) {
            operator.start();
            running = operator;
        }
    }

    /**
     * Another process may lead by now: this one ends, unless it ends already and leads no more because of that.
     *
     * @param release gives the lease up
     */
    public void leadershipLost(Runnable release) {
        if (stopping) {
            release.run();
        } else {
            LOG.warn("the lease of the operator is lost: this process ends, and begins anew");
            Quarkus.asyncExit(EXIT_LEASE_LOST);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        Operator operator = running;
        if (operator != null) {
            operator.stop();
        }
    }

    /** The reconcilers, if they run here. */
    Optional<Operator> running() {
        return Optional.ofNullable(running);
    }
}
