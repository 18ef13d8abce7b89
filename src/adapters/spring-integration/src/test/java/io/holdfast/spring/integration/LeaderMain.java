package io.holdfast.spring.integration;

import io.holdfast.client.HoldfastClient;
import java.time.Duration;
import org.springframework.integration.leader.AbstractCandidate;
import org.springframework.integration.leader.Context;

/** A process with a candidate, which writes a line when it leads, until it is killed. */
final class LeaderMain {

    /** What it writes. */
    static final String LEADS = "leads";

    private LeaderMain() {}

    /** Runs with the address of a node and the role. */
    public static void main(String[] arguments) throws InterruptedException {
        HoldfastClient client = HoldfastClient.builder()
                .endpoints(arguments[0])
                .ttl(Duration.ofSeconds(3))
                .build();
        Leadership.start(new HoldfastLockRegistry(client), new AbstractCandidate("process", arguments[1]) {
            @Override
            public void onGranted(Context context) {
                System.out.println(LEADS);
            }

            @Override
            public void onRevoked(Context context) {
                System.out.println("leads no more");
            }
        });
        Thread.currentThread().join();
    }
}
