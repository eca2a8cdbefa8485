package io.backgroundjobs.sample;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Holds jobs inside of their bodies until it is opened.
 */
final class Gate {

	private final Semaphore arrived = new Semaphore(0);

	private final CountDownLatch open = new CountDownLatch(1);

	void pass() throws InterruptedException {
		this.arrived.release();
		this.open.await();
	}

	void awaitArrivals(int count) throws InterruptedException {
		assertThat(this.arrived.tryAcquire(count, 30, TimeUnit.SECONDS)).isTrue();
	}

	void open() {
		this.open.countDown();
	}

}
