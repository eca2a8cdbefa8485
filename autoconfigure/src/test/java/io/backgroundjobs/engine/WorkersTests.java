package io.backgroundjobs.engine;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.backgroundjobs.engine.Worker.Stage;

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
	}, Duration.ofMinutes(1), mock(EngineClock.class), new ActiveRuns());

	WorkersTests() {
		this.workers.limit(1);
	}

	@Test
	void whenAWorkerIsCalledAsItGoesToRestThenItTakesTheRunAndDoesNotEnd() {
		JobRun<?> first = run();
		JobRun<?> second = run();
		comes(first);
		Worker worker = (Worker) this.started.get(0);
		worker.begin();
		assertThat(this.workers.next(worker)).isSameAs(first);
		this.lock.afterNextUnlock = () -> comes(second);
		assertThat(this.workers.next(worker)).isSameAs(second);
		assertThat(this.started).hasSize(1);
		assertThat(this.workers.atWork()).isEqualTo(1);
	}

	@Test
	void whileAnotherWorkerGetsFromRunToRunACalledOneStandsBy() {
		this.workers.limit(2);
		comes(run());
		Worker busy = (Worker) this.started.get(0);
		busy.begin();
		this.workers.next(busy);
		JobRun<?> ready = run();
		comes(ready);
		Worker called = (Worker) this.started.get(1);
		called.begin();
		List<Stage> stages = new ArrayList<>();
		this.workers.handedOver();
		busy.goesOn(0);
		this.lock.afterNextUnlock = () -> stages.add(called.stage());
		// Nothing moves meanwhile, so that it does not stand by for ever.
		assertThat(this.workers.next(called)).isSameAs(ready);
		assertThat(stages).containsExactly(Stage.STANDING_BY);
		assertThat(called.stage()).isEqualTo(Stage.AT_WORK);
	}

	@Test
	void endThatIsNotShownIsCounted() {
		comes(run());
		Worker worker = (Worker) this.started.get(0);
		worker.settles();
		assertThat(this.workers.settling()).isOne();
		worker.hasSettled();
		assertThat(this.workers.settling()).isZero();
	}

	@Test
	void whenWorkersAreClosedThenTheyEnd() {
		comes(run());
		Worker worker = (Worker) this.started.get(0);
		worker.begin();
		this.workers.next(worker);
		this.workers.close();
		assertThat(this.workers.next(worker)).isNull();
		assertThat(this.workers.atWork()).isZero();
	}

	private static JobRun<?> run() {
		return Runs.of(new Outside("caller", Runs.engine(new ManualClock()), (run) -> null, 0), () -> {
		});
	}

	private void comes(JobRun<?> run) {
		Worker called;
		this.lock.lock();
		try {
			this.workers.ready(run);
			called = this.workers.call();
		}
		finally {
			this.lock.unlock();
		}
		this.workers.wake(called);
	}

	/**
	 * Lets something happen just when a lock is free.
	 */
	private static final class InterruptibleLock extends PoolLock {

		private @Nullable Runnable afterNextUnlock;

		@Override
		void unlock() {
			Runnable action = this.afterNextUnlock;
			this.afterNextUnlock = null;
			super.unlock();
			if (action != null) {
				action.run();
			}
		}

	}

}
