package io.holdfast.operator;

import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.RuntimeInfo;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

/** Says whether the reconcilers run and see what they watch; a process of another role is ready once it has started. */
@Readiness
@ApplicationScoped
class RoleHealth implements HealthCheck {

    private final RoleStarter starter;

    RoleHealth(RoleStarter starter) {
        this.starter = starter;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder answer =
                HealthCheckResponse.named(starter.role().text());
        Optional<Operator> running = starter.running();
        if (running.isEmpty()) {
            return answer.status(starter.role() != Role.OPERATOR).build();
        }
        RuntimeInfo info = running.get().getRuntimeInfo();
        answer.status(info.isStarted());
        info.getRegisteredControllers().forEach(controller -> {
            var blind = controller.getControllerHealthInfo().unhealthyEventSources();
            if (!blind.isEmpty()) {
                answer.down()
                        .withData(
                                controller.getConfiguration().getName(),
                                "does not see: " + String.join(", ", blind.keySet()));
            }
        });
        return answer.build();
    }
}
