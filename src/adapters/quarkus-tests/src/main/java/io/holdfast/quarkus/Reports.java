package io.holdfast.quarkus;

import io.holdfast.cdi.LeaderOnly;
import io.holdfast.cdi.Leases;
import io.holdfast.cdi.Locked;
import io.holdfast.cdi.OnBusy;
import io.holdfast.client.Lease;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;

/** Jobs that every process of the application schedules. */
@ApplicationScoped
public class Reports {

    private final Journal journal;

    Reports(Journal journal) {
        this.journal = journal;
    }

    @Scheduled(every = "1s")
    @LeaderOnly("reports/leader")
    void refresh() {
        Lease lease = Leases.current();
        lease.check();
        journal.note("refresh " + lease.token());
    }

    @Scheduled(every = "1s")
    @Locked(name = "reports/nightly", onBusy = OnBusy.SKIP, closedFor = "1h")
    void nightly() {
        journal.note("nightly " + Leases.current().token());
    }
}
