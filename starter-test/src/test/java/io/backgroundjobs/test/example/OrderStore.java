package io.backgroundjobs.test.example;

import java.util.concurrent.atomic.AtomicInteger;

import org.springframework.stereotype.Component;

/**
 * What the jobs of the example work on.
 */
@Component
class OrderStore {

	private final AtomicInteger removals = new AtomicInteger();

	private final AtomicInteger reports = new AtomicInteger();

	int removeExpired() {
		return this.removals.incrementAndGet();
	}

	void report() {
		this.reports.incrementAndGet();
	}

	int removals() {
		return this.removals.get();
	}

	int reports() {
		return this.reports.get();
	}

}
