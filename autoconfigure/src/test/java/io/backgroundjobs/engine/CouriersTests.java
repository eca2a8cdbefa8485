package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class CouriersTests {

	@Test
	void idleThreadEndsWhenDismissed() throws Exception {
		Couriers couriers = new Couriers(Duration.ofMinutes(1));
		CompletableFuture<Thread> courier = new CompletableFuture<>();
		couriers.send(() -> courier.complete(Thread.currentThread()));
		Thread thread = courier.get();
		couriers.dismiss();
		thread.join(Duration.ofSeconds(10).toMillis());
		assertThat(thread.isAlive()).isFalse();
	}

}
