package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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

	@Test
	void errandForWhichThereIsNoThreadIsDoneByTheSender() {
		Couriers couriers = new Couriers(Duration.ofMinutes(1), (task) -> {
			throw new OutOfMemoryError("unable to create native thread");
		});
		List<Thread> doing = new ArrayList<>();
		couriers.send(() -> doing.add(Thread.currentThread()));
		couriers.sendInTurn(() -> doing.add(Thread.currentThread()));
		couriers.sendInTurn(() -> doing.add(Thread.currentThread()));
		couriers.cancelInTurn(() -> doing.add(Thread.currentThread()));
		assertThat(doing).hasSize(4).containsOnly(Thread.currentThread());
		assertThat(couriers.isIdle()).isTrue();
	}

}
