package io.backgroundjobs.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link Changes}.
 */
class ChangesTests {

	private static final int ROUNDS = 200_000;

	private static final long PATIENCE = TimeUnit.SECONDS.toNanos(2);

	private final Changes changes = new Changes();

	@Test
	void aChangeThatWasNotSeenIsNotWaitedFor() {
		long seen = this.changes.count();
		this.changes.signal();
		long begin = System.nanoTime();
		assertThat(this.changes.await(seen, PATIENCE)).isFalse();
		assertThat(System.nanoTime() - begin).isLessThan(PATIENCE);
	}

	@Test
	void nobodyWaitsForLongerThanItsTime() {
		long begin = System.nanoTime();
		assertThat(this.changes.await(this.changes.count(), TimeUnit.MILLISECONDS.toNanos(5))).isFalse();
		assertThat(System.nanoTime() - begin).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(5));
	}

	@Test
	void anInterruptIsTold() {
		Thread.currentThread().interrupt();
		assertThat(this.changes.await(this.changes.count(), PATIENCE)).isTrue();
		assertThat(Thread.interrupted()).isFalse();
	}

	/**
	 * One thread begins to wait just as another one changes something: a change that is
	 * missed costs the whole patience.
	 */
	@Test
	void noChangeIsMissed() throws Exception {
		AtomicInteger round = new AtomicInteger();
		Thread other = new Thread(() -> {
			for (int i = 1; i <= ROUNDS; i++) {
				while (round.get() < i) {
					Thread.onSpinWait();
				}
				for (int j = 0; j < i % 128; j++) {
					Thread.onSpinWait();
				}
				this.changes.signal();
			}
		}, "other");
		other.start();
		long longest = 0;
		for (int i = 1; i <= ROUNDS; i++) {
			long begin = System.nanoTime();
			long seen = this.changes.count();
			round.set(i);
			this.changes.await(seen, PATIENCE);
			longest = Math.max(longest, System.nanoTime() - begin);
		}
		other.join();
		assertThat(longest).isLessThan(PATIENCE);
	}

}
