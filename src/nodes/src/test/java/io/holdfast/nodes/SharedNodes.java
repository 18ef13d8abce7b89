package io.holdfast.nodes;

import io.holdfast.ensemble.Blueprint;
import io.holdfast.ensemble.Ensemble;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Gives all tests of a class, and of the classes nested in it, one ensemble of packaged servers that runs. */
final class SharedNodes implements BeforeAllCallback, TestExecutionExceptionHandler, AfterAllCallback {

    private final int count;
    private final UnaryOperator<Blueprint> changes;
    private Class<?> owner;
    private Ensemble ensemble;

    SharedNodes(int count, UnaryOperator<Blueprint> changes) {
        this.count = count;
        this.changes = changes;
    }

    Ensemble ensemble() {
        return ensemble;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        // A nested class inherits the extension and calls it again.
        if (owner == null) {
            owner = context.getRequiredTestClass();
            ensemble = new Ensemble(changes.apply(Nodes.blueprint(owner.getSimpleName(), count)));
            ensemble.start();
        }
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failure) throws Throwable {
        throw Nodes.withLogs(failure, ensemble);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (context.getRequiredTestClass().equals(owner) && ensemble != null) {
            ensemble.close();
            owner = null;
        }
    }
}
