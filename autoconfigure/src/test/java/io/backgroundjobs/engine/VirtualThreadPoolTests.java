package io.backgroundjobs.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

import io.backgroundjobs.Job;
import io.backgroundjobs.JobState;
import io.backgroundjobs.PoolSpec;
import io.backgroundjobs.PoolThreads;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of pools whose threads are virtual.
 */
@Tag("virtual")
@Timeout(value = 20, unit = TimeUnit.SECONDS)
class VirtualThreadPoolTests {

	@RegisterExtension
	final PoolBench bench = new PoolBench();

	private final Gate gate = this.bench.gate();

	@Test
	void jobsRunOnNamedVirtualThreads() throws Exception {
		JobEngine engine = this.bench.start(virtual(1));
		Thread thread = engine.spawn("any", Thread::currentThread).await();
		assertThat(isVirtual(thread)).isTrue();
		assertThat(thread.getName()).startsWith("job-default-");
	}

	@Test
	void autoFollowsWhatTheSchedulerPrefers() throws Exception {
		PoolSpec platform = PoolBench.pool("platform", 1).withThreads(PoolThreads.PLATFORM);
		JobEngine preferring = this.bench.start((builder) -> builder.preferVirtualThreads(true), platform);
		assertThat(isVirtual(preferring.spawn("any", Thread::currentThread).await())).isTrue();
		assertThat(isVirtual(preferring.spawn(PoolBench.in("platform"), Thread::currentThread).await())).isFalse();
		JobEngine notPreferring = this.bench.start(platform);
		assertThat(isVirtual(notPreferring.spawn("any", Thread::currentThread).await())).isFalse();
	}

	@Test
	void limitIsExact() throws Exception {
		JobEngine engine = this.bench.start(virtual(3).withPendingLimit(1000));
		AtomicInteger inside = new AtomicInteger();
		AtomicInteger most = new AtomicInteger();
		List<Job<?>> jobs = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			jobs.add(engine.spawn("any", () -> {
				most.accumulateAndGet(inside.incrementAndGet(), Math::max);
				Thread.yield();
				inside.decrementAndGet();
			}));
		}
		for (Job<?> job : jobs) {
			job.await();
		}
		assertThat(most.get()).isLessThanOrEqualTo(3);
		jobs.clear();
		for (int i = 0; i < 5; i++) {
			jobs.add(engine.spawn("held", PoolBench.through(this.gate)));
		}
		this.gate.awaitEntered(3);
		assertThat(jobs.stream().filter((job) -> job.state() == JobState.RUNNING)).hasSize(3);
		assertThat(PoolBench.look(engine).pending()).isEqualTo(2);
	}

	@Test
	void waitingJobLendsItsPlace() throws Exception {
		JobEngine engine = this.bench.start(virtual(1));
		Integer result = engine.run("outer", (outer) -> engine.run("inner", (inner) -> 1));
		assertThat(result).isOne();
	}

	@Test
	void cancelInterruptsTheBody() throws Exception {
		JobEngine engine = this.bench.start(virtual(1));
		Job<?> job = engine.spawn("any", PoolBench.through(this.gate));
		this.gate.awaitEntered(1);
		assertThat(job.cancel()).isTrue();
		Eventually.holds(() -> PoolBench.look(engine).active() == 0);
	}

	private static PoolSpec virtual(int limit) {
		return PoolBench.pool(limit).withThreads(PoolThreads.VIRTUAL);
	}

	/**
	 * Ask without a method that the base JDK does not have.
	 */
	private static boolean isVirtual(Thread thread) {
		return thread.toString().startsWith("VirtualThread");
	}

}
