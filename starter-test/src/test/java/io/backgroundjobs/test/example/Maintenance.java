package io.backgroundjobs.test.example;

import org.springframework.stereotype.Component;

import io.backgroundjobs.PeriodicJob;

/**
 * The periodic jobs of the example.
 */
@Component
class Maintenance {

	private final OrderStore store;

	Maintenance(OrderStore store) {
		this.store = store;
	}

	@PeriodicJob(name = "remove-expired", every = "5m", initialDelay = "5m")
	int removeExpired() {
		return this.store.removeExpired();
	}

	@PeriodicJob(name = "nightly-report", cron = "0 30 2 * * *", zone = "Europe/Paris")
	void report() {
		this.store.report();
	}

}
