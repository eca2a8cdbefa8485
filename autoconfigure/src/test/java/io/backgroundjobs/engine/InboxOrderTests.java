package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobContextPropagator;
import io.backgroundjobs.JobContextPropagator.Scope;
import io.backgroundjobs.JobOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of jobs that come while all places of their pool are held, and so without its
 * lock.
 */
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class InboxOrderTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final List<String> order = Collections.synchronizedList(new ArrayList<>());

	@Test
	void jobOfLowerPriorityThatCameBeforeDoesNotGoFirst() throws Exception {
		assertOrder(1, "before", "normal-0", "normal-1", "low-0", "low-1");
	}

	@Test
	void interruptOfTheNextJobDoesNotReachTheContextOfTheOneBefore() throws Exception {
		CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
		AtomicReference<Job<?>> next = new AtomicReference<>();
		JobEngine engine = this.bench.start((builder) -> builder.propagator(closing(() -> {
			Job<?> job = next.getAndSet(null);
			if (job != null) {
				job.cancel();
				interrupted.complete(Thread.currentThread().isInterrupted());
			}
		})), PoolBench.pool(1));
		Gate gate = this.bench.gate();
		engine.spawn("job", PoolBench.through(gate));
		gate.awaitEntered(1);
		next.set(engine.spawn("next", () -> "x"));
		gate.open(1);
		assertThat(interrupted.get()).isFalse();
	}

	private static JobContextPropagator closing(Scope scope) {
		return new JobContextPropagator() {

			@Override
			public @Nullable Object capture() {
				return null;
			}

			@Override
			public Scope open(@Nullable Object captured, Job<?> job) {
				return scope;
			}

		};
	}

	private void assertOrder(int limit, String... expected) throws Exception {
		JobEngine engine = this.bench.start(PoolBench.pool(limit));
		Gate gate = this.bench.gate();
		engine.spawn("holder", PoolBench.through(gate));
		gate.awaitEntered(1);
		List<Job<?>> jobs = new ArrayList<>();
		jobs.add(spawn(engine, JobOptions.named("before")));
		for (int i = 0; i < 2; i++) {
			jobs.add(spawn(engine, JobOptions.named("low-" + i).priority(-1)));
		}
		for (int i = 0; i < 2; i++) {
			jobs.add(spawn(engine, JobOptions.named("normal-" + i)));
		}
		gate.open(1);
		for (Job<?> job : jobs) {
			job.await();
		}
		assertThat(this.order).containsExactly(expected);
	}

	private Job<?> spawn(JobEngine engine, JobOptions options) {
		return engine.spawn(options, (job) -> this.order.add(job.name()));
	}

}
