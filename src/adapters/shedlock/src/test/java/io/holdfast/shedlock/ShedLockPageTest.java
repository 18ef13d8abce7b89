package io.holdfast.shedlock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.holdfast.client.HoldfastClient;
import io.holdfast.client.Lease;
import io.holdfast.client.internal.ModelEnsemble;
import io.holdfast.client.internal.PageCode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import net.javacrumbs.shedlock.core.DefaultLockingTaskExecutor;
import net.javacrumbs.shedlock.core.LockConfiguration;
import net.javacrumbs.shedlock.core.LockProvider;
import net.javacrumbs.shedlock.core.LockingTaskExecutor;
import net.javacrumbs.shedlock.spring.annotation.EnableSchedulerLock;
import net.javacrumbs.shedlock.spring.annotation.SchedulerLock;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.scheduling.annotation.EnableScheduling;
import org.springframework.scheduling.annotation.Scheduled;

/** The code of docs/guides/shedlock.md, which is part of this test and runs. */
@Timeout(120)
class ShedLockPageTest {

    private static final ModelEnsemble ENSEMBLE = new ModelEnsemble();

    private final AtomicInteger reports = new AtomicInteger();

    @Configuration
    @EnableScheduling
    @EnableSchedulerLock(defaultLockAtMostFor = "4h")
    static class Scheduling {

        @Bean
        HoldfastClient holdfast() {
            return HoldfastClient.builder()
                    .endpoints("http://node-1:7100", "http://node-2:7100", "http://node-3:7100")
                    .ttl(Duration.ofSeconds(10))
                    .name("billing")
                    .build();
        }

        @Bean
        LockProvider lockProvider(HoldfastClient client) {
            return new HoldfastLockProvider(client);
        }
    }

    @AfterAll
    static void close() {
        ENSEMBLE.close();
    }

    /** The same with a client of a model. */
    @Configuration
    static class WithModel extends Scheduling {

        @Bean
        @Override
        HoldfastClient holdfast() {
            return ENSEMBLE.client(Duration.ofMinutes(2));
        }

        @Bean
        Settlement settlement() {
            return new Settlement();
        }
    }

    /** A bean with the job. */
    static class Settlement {
        private final CompletableFuture<Long> booked = new CompletableFuture<>();

        @Scheduled(fixedDelay = 30, timeUnit = TimeUnit.SECONDS)
        @SchedulerLock(name = "payments/settlement", lockAtLeastFor = "20s")
        void settle() {
            for (String payment : due()) {
                Lease lease = HoldfastLockProvider.currentLease().orElseThrow();
                lease.check();
                book(payment, lease.token());
            }
        }

        private static List<String> due() {
            return List.of("one");
        }

        private void book(String payment, long token) {
            assertEquals("one", payment);
            booked.complete(token);
        }

        CompletableFuture<Long> booked() {
            return booked;
        }
    }

    @Test
    void theApplicationOfThePageRunsItsJobUnderItsLock() throws Exception {
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(WithModel.class)) {
            long token = context.getBean(Settlement.class).booked().get(60, TimeUnit.SECONDS);
            assertTrue(token > 0);
        }
        try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(Scheduling.class)) {
            assertTrue(context.getBean(LockProvider.class) instanceof HoldfastLockProvider);
        }
    }

    @Test
    void theExecutorOfThePageRunsItsTask() {
        withoutSpring(ENSEMBLE.client(Duration.ofMinutes(2)));
        assertEquals(1, reports.get());
    }

    private void withoutSpring(HoldfastClient client) {
        LockProvider locks =
                HoldfastLockProvider.builder(client).prefix("jobs/").build();
        LockingTaskExecutor executor = new DefaultLockingTaskExecutor(locks);
        executor.executeWithLock(
                (Runnable) () -> report(),
                new LockConfiguration(Instant.now(), "report", Duration.ofHours(4), Duration.ofMinutes(5)));
    }

    private void report() {
        reports.incrementAndGet();
    }

    @Test
    void theCodeOfThePageIsThatOfThisTest() throws IOException {
        PageCode.assertPartOf(
                "docs/guides/shedlock.md",
                3,
                "src/adapters/shedlock/src/test/java/io/holdfast/shedlock/ShedLockPageTest.java");
    }
}
