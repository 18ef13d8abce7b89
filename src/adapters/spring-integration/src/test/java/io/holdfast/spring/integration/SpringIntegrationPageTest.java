package io.holdfast.spring.integration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.internal.ModelEnsemble;
import io.holdfast.client.internal.PageCode;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.integration.leader.DefaultCandidate;
import org.springframework.integration.support.leader.LockRegistryLeaderInitiator;
import org.springframework.integration.support.locks.DistributedLock;

/** The code of docs/guides/spring-integration.md, which is part of this test and runs. */
@Timeout(120)
class SpringIntegrationPageTest {

    private static final ModelEnsemble ENSEMBLE = new ModelEnsemble();

    private final AtomicInteger shipped = new AtomicInteger();

    @Configuration
    static class Application {

        @Bean
        HoldfastLockRegistry locks(HoldfastClient client) {
            return new HoldfastLockRegistry(client, "orders/");
        }

        @Bean
        HoldfastClient holdfast() {
            return HoldfastClient.builder()
                    .endpoints("http://node-1:7100", "http://node-2:7100", "http://node-3:7100")
                    .ttl(Duration.ofSeconds(10))
                    .name("orders")
                    .build();
        }

        @Bean
        LockRegistryLeaderInitiator leader(HoldfastLockRegistry locks) {
            LockRegistryLeaderInitiator initiator =
                    new LockRegistryLeaderInitiator(locks, new DefaultCandidate("pod-1", "leader"));
            initiator.setHeartBeatMillis(500);
            return initiator;
        }
    }

    @AfterAll
    static void close() {
        ENSEMBLE.close();
    }

    /** The same with a client of a model. */
    @Configuration
    static class WithModel extends Application {

        @Bean
        @Override
        HoldfastClient holdfast() {
            return ENSEMBLE.client(Duration.ofMinutes(2));
        }
    }

    @Test
    void theApplicationOfThePageRuns() throws Exception {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(WithModel.class)) {
            HoldfastLockRegistry locks = context.getBean(HoldfastLockRegistry.class);
            executes(locks);
            locks(locks);
            assertEquals(2, shipped.get());
            LockRegistryLeaderInitiator leader = context.getBean(LockRegistryLeaderInitiator.class);
            Waiting.await("it leads", leader.getContext()::isLeader);
            assertTrue(ENSEMBLE.isHeld("orders/leader"));
        }
        try (HoldfastClient client = new Application().holdfast()) {
            assertTrue(new Application().locks(client).toString().contains("orders/"));
        }
    }

    private void executes(HoldfastLockRegistry locks) throws InterruptedException {
        locks.executeLocked("42", () -> ship("42"));
    }

    private void locks(HoldfastLockRegistry locks) throws InterruptedException {
        DistributedLock lock = locks.obtain("42");
        if (lock.tryLock(Duration.ofSeconds(5), Duration.ofMinutes(10))) {
            try {
                ship("42");
                locks.renewLock("42");
            } finally {
                lock.unlock();
            }
        }
    }

    private void ship(String order) {
        assertEquals("42", order);
        shipped.incrementAndGet();
    }

    @Test
    void theCodeOfThePageIsThatOfThisTest() throws IOException {
        PageCode.assertPartOf(
                "docs/guides/spring-integration.md",
                5,
                "src/adapters/spring-integration/src/test/java/io/holdfast/"
                        + "spring/integration/SpringIntegrationPageTest.java");
    }
}
