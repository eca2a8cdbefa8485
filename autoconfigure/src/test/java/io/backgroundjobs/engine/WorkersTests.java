package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * Tests for {@link Workers}, turn by turn on one thread.
 */
class WorkersTests {

	private final InterruptibleLock lock = new InterruptibleLock();

	private final List<Runnable> started = new ArrayList<>();

	private final Workers workers = new Workers(this.lock, (worker) -> {
		this.started.add(worker);
		return new Thread(() -> {
		});
	}, Duration.ofMinutes(1), mock(EngineClock.class), (run) -> {
	});

	WorkersTests() {
		this.workers.limit(1);
	}

	@Test
	void whenAWorkerIsCalledAsItGoesToRestThenItTakesTheRunAndDoesNotEnd() {
		JobRun<?> first = mock();
		JobRun<?> second = mock();
		comes(first);
		Worker worker = (Worker) this.started.get(0);
		assertThat(this.workers.arrive(worker)).isSameAs(first);
		this.lock.afterNextUnlock = () -> comes(second);
		assertThat(this.workers.next(worker)).isSameAs(second);
		assertThat(this.started).hasSize(1);
		assertThat(this.workers.atWork()).isEqualTo(1);
	}

	@Test
	void whenWorkersAreClosedThenTheyEnd() {
		comes(mock());
		Worker worker = (Worker) this.started.get(0);
		this.workers.arrive(worker);
		this.workers.close();
		assertThat(this.workers.next(worker)).isNull();
		assertThat(this.workers.atWork()).isZero();
	}

	private void comes(JobRun<?> run) {
		Followup followup;
		this.lock.lock();
		try {
			this.workers.ready(run);
			followup = this.workers.call(null);
		}
		finally {
			this.lock.unlock();
		}
		Followup.run(followup);
	}

	/**
	 * Lets something happen just when a lock is free.
	 */
	private static final class InterruptibleLock extends ReentrantLock {

		private static final long serialVersionUID = 1L;

		private transient @Nullable Runnable afterNextUnlock;

		@Override
		public void unlock() {
			Runnable action = this.afterNextUnlock;
			this.afterNextUnlock = null;
			super.unlock();
			if (action != null) {
				action.run();
			}
		}

	}

}
